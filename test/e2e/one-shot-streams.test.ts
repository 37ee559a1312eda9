import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readOutput } from '@synapse/test/support/output-schema';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { streamOf } from '@synapse/test/support/replies';
import { outcomeOf, SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';
import knex from 'knex';

describe('the streams and signals of a one-shot', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    setUpDouble(home, double);
  });
  afterEach(async () => {
    await double.close();
    home.remove();
  });

  const stalled = () => {
    const [head = '', text = ''] = openAiChatWire({ text: ['half an ans'] });
    return streamOf([{ send: head + text }, { hang: true }]);
  };
  const lastMessage = async () => {
    const { stdout } = await home.run(['sessions', 'show', 'last', '--json']);
    const { messages } = JSON.parse(stdout) as {
      messages: { status: string; parts: { text: string }[] }[];
    };
    return messages.at(-1);
  };
  const partial = { status: 'interrupted', parts: [{ type: 'text', text: 'half an ans' }] };

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 143],
  ] as const)('keeps what was said and ends its line on %s', async (signal, code) => {
    double.script(stalled());
    const child = home.start(['Hello']);
    child.stdout?.once('data', () => child.kill(signal));
    const { stdout, stderr, exitCode } = await outcomeOf(child);
    expect({ stdout, exitCode }).toEqual({ stdout: 'half an ans\n', exitCode: code });
    expect(stderr).toContain('Interrupted');
    expect(await lastMessage()).toMatchObject(partial);
    await double.requests[0]?.abandoned;
  });

  it('says in JSON that a signal ended it', async () => {
    const child = home.start(['--json', 'Hello']);
    double.script(() => {
      child.kill('SIGTERM');
      return stalled();
    });
    const { stdout, stderr, exitCode } = await outcomeOf(child);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 143 });
    expect(JSON.parse(stdout)).toMatchObject({ code: 'SYNAPSE_INTERRUPTED', exitCode: 143 });
  });

  it('stops the request when the reader of its output leaves, and keeps what was said', async () => {
    const events = openAiChatWire({ text: ['half an ans', 'wer', ' and more'] });
    let goOn: (value: unknown) => void = () => undefined;
    const seen = new Promise((resolve) => {
      goOn = resolve;
    });
    double.script(
      streamOf([
        { send: events.slice(0, 2).join('') },
        { wait: seen },
        { send: events[2] ?? '' },
        { hang: true },
      ]),
    );
    const child = home.start(['Hello']);
    child.stdout?.once('data', () => {
      child.stdout?.destroy();
      goOn(null);
    });
    const [exitCode] = (await once(child, 'close')) as [number];
    expect(exitCode).toBe(0);
    await double.requests[0]?.abandoned;
    expect(await lastMessage()).toMatchObject({ status: 'interrupted' });
  });

  it.each([
    [['-q', 'sessions', 'list'], 'synapse sessions list -q'],
    [['-m', 'x', 'sessions', 'list'], 'synapse sessions list -m x'],
    [['--quiet', 'sessions'], 'synapse sessions --quiet'],
  ])('shows where the flags of %j belong', async (args, command) => {
    const { stdout, stderr, exitCode } = await home.run(args);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toContain(`Write: ${command}\n`);
    expect(double.requests).toEqual([]);
  });

  it.each([[['-v', 'explain', 'sessions']], [['-q', '--', 'sessions', 'list']]])(
    'takes %j for a prompt',
    async (args) => {
      double.script(chatReply({ text: ['done'] }));
      expect(await home.run(args)).toMatchObject({ stdout: 'done\n', exitCode: 0 });
    },
  );

  it('is a usage error without words, a terminal and stdin', async () => {
    const { stdout, stderr, exitCode } = await home.run([]);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toContain('The prompt is missing');
  });

  it('prints what its schemas say', async () => {
    double.script(chatReply({ reasoning: ['hm'], text: ['well', ' said'] }));
    const { stdout } = await home.run(['--json', 'Hello']);
    readOutput('result', stdout);
    const lines = (await home.run(['-o', 'ndjson', 'Hello'])).stdout.trimEnd().split('\n');
    const events = lines.map((line) => readOutput('ndjson-event', line));
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set(['session', 'reasoning-delta', 'text-delta', 'result']),
    );
    double.script({ status: 401, steps: [{ send: '{"error":{"message":"no"}}' }] });
    const failed = await home.run(['-o', 'ndjson', 'Hello']);
    const line = failed.stdout.trimEnd().split('\n').at(-1) ?? '';
    expect(readOutput('error', line)).toMatchObject({
      code: 'SYNAPSE_PROVIDER_AUTH',
      exitCode: failed.exitCode,
    });
    readOutput('ndjson-event', line);
    expect(() => readOutput('result', line)).toThrow('required property');
  });

  it('says first whether the session is new or resumed, and ends as --json does', async () => {
    double.script(chatReply({ text: ['well'] }));
    const json = readOutput('result', (await home.run(['--json', '-s', 'talk', 'Hello'])).stdout);
    const { stdout } = await home.run(['-o', 'ndjson', '-s', 'talk', 'Hello']);
    const lines = stdout.trimEnd().split('\n');
    const events = lines.map((line) => readOutput('ndjson-event', line));
    expect(events[0]).toMatchObject({
      ...{ seq: 0, type: 'session', created: false, sessionId: json.sessionId },
    });
    const { seq, ...result } = events.at(-1) ?? {};
    expect(seq).toBe(events.length - 1);
    expect(Object.keys(result)).toEqual(Object.keys(json));
    expect(json).toMatchObject({
      ...{ v: 1, type: 'result', text: 'well', provider: 'double', model: 'double-1' },
      ...{ finishReason: 'stop', cost: { usd: null } },
      usage: { inputTokens: expect.any(Number) as unknown, estimated: false },
    });
  });

  it('breaks no line in a pipe, however long', async () => {
    const text = `${'word '.repeat(200)}end`;
    double.script(chatReply({ text: [text] }));
    const environment = { COLUMNS: '40' };
    expect((await home.run(['Hello'], { environment })).stdout).toBe(`${text}\n`);
    const shown = await home.run(['sessions', 'show', 'last'], { environment });
    expect(shown.stdout.split('\n')).toContain(text);
  });

  it('takes a prompt that starts with a dash behind --', async () => {
    double.script(chatReply({ text: ['well'] }));
    await home.run(['--', '--json', '-x']);
    expect(double.requests[0]?.json().messages).toMatchObject([{ content: '--json -x' }]);
  });

  it('asks nobody anything but the question, and that once', async () => {
    double.script(chatReply({ text: ['well'] }));
    await home.run(['Hello']);
    expect(double.requests.map(({ path }) => path)).toEqual(['/v1/chat/completions']);
  });

  it('tells what was used on stderr with --verbose, and not on stdout', async () => {
    double.script(chatReply({ text: ['well'] }));
    const { stdout, stderr } = await home.run(['-v', 'Hello']);
    expect(stdout).toBe('well\n');
    expect(stderr).toMatch(/usage=\{"inputTokens":\d+,"outputTokens":\d+/);
  });

  it('ends at once on a second Ctrl-C, even where what was said cannot be kept', async () => {
    double.script(stalled());
    const child = home.start(['Hello']);
    const ended = outcomeOf(child);
    await once(child.stdout!, 'data');
    const foreign = knex({
      ...{ client: 'sqlite3', useNullAsDefault: true, pool: { min: 1, max: 1 } },
      connection: { filename: join(home.folder, '.config/synapse/sessions.db') },
    });
    try {
      await foreign.raw('begin immediate');
      child.kill('SIGINT');
      await double.requests[0]?.abandoned;
      child.kill('SIGINT');
      expect(await ended).toMatchObject({ exitCode: 130 });
    } finally {
      await foreign.destroy();
    }
  });
});
