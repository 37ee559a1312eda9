import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { streamOf } from '@synapse/test/support/replies';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { readOutput } from '@synapse/test/support/output-schema';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';

const prices = '[prices."double/double-1"]\ninput = 1.0\noutput = 1000.0\n';
const city = {
  type: 'object',
  properties: { name: { type: 'string' }, rivers: { type: 'array', items: { type: 'string' } } },
  required: ['name'],
  additionalProperties: false,
};

describe('the answer of a model', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    setUpDouble(home, double, prices);
  });
  afterEach(async () => {
    await double.close();
    home.remove();
  });
  const put = (name: string, content: string) => {
    writeFileSync(join(home.folder, name), content);
    return name;
  };
  const says = (text: string) => chatReply({ text: [text] });

  it('prints the first code block alone', async () => {
    double.script(says('1. So:\n\n   ```sh\n   wc -w\n\n   # end\n   ```\n\n```js\nno\n```\n'));
    const { stdout, stderr } = await home.run(['-x', 'count']);
    expect({ stdout, stderr }).toEqual({ stdout: 'wc -w\n\n# end\n', stderr: '' });
  });

  it('prints all of an answer without a code block, and says so', async () => {
    double.script(says('No code.\n\n    indented'));
    const { stdout, stderr } = await home.run(['-x', 'count']);
    expect(stdout).toBe('No code.\n\n    indented\n');
    expect(stderr).toContain('no code block');
  });

  it('requests JSON that fits a schema and prints the data', async () => {
    double.script(says('```json\n{"name":"Bern","rivers":["Aare"]}\n```'));
    const args = ['--schema', put('city.json', JSON.stringify(city)), 'a city'];
    const data = { name: 'Bern', rivers: ['Aare'] };
    const json = readOutput('result', (await home.run(['--json', ...args])).stdout);
    expect(json).toMatchObject({ data });
    const { stdout, stderr } = await home.run(args);
    expect({ data: JSON.parse(stdout) as unknown, stderr }).toEqual({ data, stderr: '' });
    expect(double.requests[0]?.json().response_format).toBeDefined();
  });

  it('asks the model once to correct the answer, and counts both answers', async () => {
    double.script(says('{"name":"Bern","rivers":[7]}'), says('{"name":"Bern"}'));
    const args = ['--schema', put('city.json', JSON.stringify(city)), '--json', 'a city'];
    const { stdout } = await home.run(args);
    expect(readOutput('result', stdout)).toMatchObject({
      data: { name: 'Bern' },
      usage: { inputTokens: 40, outputTokens: 20 },
      cost: { usd: 0.02004 },
    });
    expect(double.requests).toHaveLength(2);
    expect(double.requests[1]?.body).toContain('/rivers/0');
  });

  it('ends with 65 and the deepest errors when the second try does not fit either', async () => {
    double.script(says('{"name":"Bern","rivers":[7]}'), says('{"nom":1}'));
    const file = put('city.json', JSON.stringify(city));
    const { stdout, stderr, exitCode } = await home.run(['--schema', file, 'a city']);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 65 });
    expect(stderr).toContain('at the second try');
    expect(stderr).toContain('"name"');
    expect(double.requests).toHaveLength(2);
  });

  it.each([
    ['missing.json', null, 66],
    ['text.json', 'no', 65],
    ['list.json', '[]', 65],
    ['lost.json', '{"$ref":"#/nowhere"}', 65],
    ['deep.json', '{"properties":{"a":{"$ref":"#/nowhere"}}}', 65],
  ])('refuses the schema %s before anything is asked', async (name, content, code) => {
    if (content !== null) put(name, content);
    const { stderr, exitCode } = await home.run(['--schema', name, 'x']);
    expect(exitCode).toBe(code);
    expect(stderr).toContain(name);
    expect(double.requests).toEqual([]);
  });

  it('stops an answer that exceeds the cost limit, and keeps the part received', async () => {
    const [head = '', ...words] = openAiChatWire({ text: ['word '.repeat(30), 'more '] });
    double.script(streamOf([{ send: head + (words[0] ?? '') }, { hang: true }]));
    const { stdout, stderr, exitCode } = await home.run(['--max-cost', '0.01', 'talk']);
    expect({ stdout: stdout.trimEnd(), exitCode }).toEqual({
      stdout: 'word '.repeat(30).trimEnd(),
      exitCode: 72,
    });
    expect(stderr).toContain('for this run is reached');
    await double.requests[0]?.abandoned;
    const shown = await home.run(['sessions', 'show', 'last', '--json']);
    expect(shown.stdout).toContain('word word');
  });

  it('does not ask at all where the question alone costs too much', async () => {
    const { exitCode } = await home.run(['--max-cost', '0.000001', 'talk '.repeat(100)]);
    expect({ exitCode, requests: double.requests }).toEqual({ exitCode: 72, requests: [] });
  });

  it('keeps a session within its limit', async () => {
    setUpDouble(home, double, `${prices}[limits]\nmax_cost_session = 0.015\n`);
    double.script(says('ok'));
    expect(await home.run(['one'])).toMatchObject({ exitCode: 0 });
    expect(await home.run(['-c', 'two'])).toMatchObject({ exitCode: 0 });
    const third = await home.run(['-c', 'three']);
    expect(third.exitCode).toBe(72);
    expect(third.stderr).toContain('for this session');
    expect(double.requests).toHaveLength(2);
  });

  it('rejects a cost limit for a model of unknown price', async () => {
    const { stderr, exitCode } = await home.run(['--max-cost', '1', '-m', 'other', 'x']);
    expect(exitCode).toBe(78);
    expect(stderr).toContain('[models."double/other"]');
    expect(double.requests).toEqual([]);
  });

  it('falls back before the first word, reports it, and stores who answered', async () => {
    const second = `[providers.second]\nbase_url = "${double.url}/second/v1"\n`;
    setUpDouble(home, double, second);
    await home.run(['config', 'set', 'fallback', 'second/other-1']);
    double.script((request) =>
      request.path.startsWith('/second')
        ? chatReply({ text: ['from the other'], model: 'other-1' })
        : { status: 401, steps: [{ send: '{}' }] },
    );
    const { stdout, stderr, exitCode } = await home.run(['hello']);
    expect({ stdout, exitCode }).toEqual({ stdout: 'from the other\n', exitCode: 0 });
    expect(stderr).toContain('continuing with second/other-1');
    const shown = await home.run(['sessions', 'show', 'last', '--json']);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      messages: [{ role: 'user' }, { role: 'assistant', provider: 'second', model: 'other-1' }],
    });
    const { stdout: lines } = await home.run(['-o', 'ndjson', 'hello']);
    const events = lines.trimEnd().split('\n');
    expect(readOutput('ndjson-event', events[1] ?? '')).toMatchObject({
      ...{
        seq: 1,
        type: 'notice',
        text: expect.stringContaining('continuing with second') as unknown,
      },
    });
  });

  it('ends with 72 at the time limit', async () => {
    double.script(
      streamOf([
        {
          send: openAiChatWire({ text: ['half'] })
            .slice(0, 2)
            .join(''),
        },
        { hang: true },
      ]),
    );
    const { stdout, exitCode } = await home.run(['--timeout', '1', 'x']);
    expect({ stdout, exitCode }).toEqual({ stdout: 'half\n', exitCode: 72 });
  });

  it.each([
    [['--max-cost', '0'], '--max-cost takes'],
    [['--max-cost', 'x'], '--max-cost takes'],
    [['--timeout', '1.5'], '--timeout takes'],
    [['--fork'], '--fork needs a session'],
    [['-x', '--schema', 'a'], 'extract'],
    [['-x', '-o', 'json'], 'extract'],
  ])('treats %j as a typing error', async (args, words) => {
    const { stderr, exitCode } = await home.run([...args, 'x']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
  });

  it.each([
    ['refusal', 77, 'refused'],
    ['content-filter', 77, 'filter'],
    ['length', 0, 'cut off'],
  ] as const)('tells an answer that ended with %s', async (finish, code, words) => {
    double.script(chatReply({ text: ['I'], finish }));
    const { stdout, stderr, exitCode } = await home.run(['x']);
    expect({ stdout, exitCode }).toEqual({ stdout: 'I\n', exitCode: code });
    expect(stderr).toContain(words);
  });

  it.each(['stop', 'length'] as const)('reports an answer without text (%s)', async (finish) => {
    double.script(chatReply({ text: [], finish }));
    expect(await home.run(['x'])).toMatchObject({
      stdout: '',
      stderr: `synapse: the model returned no text (finish reason ${finish})\n`,
      exitCode: 65,
    });
    const asJson = await home.run(['--json', 'x']);
    expect(asJson.exitCode).toBe(65);
    expect(readOutput('result', asJson.stdout)).toMatchObject({ text: '', finishReason: finish });
    const { stderr } = await home.run(['-r'], { stdin: 'x\n' });
    expect(stderr).toContain(`the model returned no text (finish reason ${finish})`);
  });

  it('names the session in the JSON of a failure, new or resumed', async () => {
    const refused = { status: 401, steps: [{ send: '{}' }] };
    double.script(refused);
    const failed = await home.run(['--json', '-s', 'work', 'x']);
    expect(failed.exitCode).toBe(77);
    const { items } = JSON.parse((await home.run(['sessions', 'list', '--json'])).stdout) as {
      items: { id: string }[];
    };
    const session = items[0]?.id;
    expect(readOutput('error', failed.stdout)).toMatchObject({ session });
    const again = await home.run(['-o', 'ndjson', '-c', 'x']);
    const line = again.stdout.trimEnd().split('\n').at(-1) ?? '';
    expect(readOutput('error', line)).toMatchObject({ session });
    const ephemeral = await home.run(['--json', '--ephemeral', 'x']);
    expect(readOutput('error', ephemeral.stdout)).not.toHaveProperty('session');
  });

  it.each([
    ['sessions', 'rename', 'mine', '--handle', 'theirs'],
    ['sessions', 'fork', 'mine', '--handle', 'theirs'],
    ['context', 'pin', 'mine', '99'],
  ])('names the session of a failure of "%s %s", where it is known', async (...words) => {
    double.script(chatReply({ text: ['one'] }), chatReply({ text: ['two'] }));
    const asked = await home.run(['--json', '-s', 'mine', 'hello']);
    const { sessionId } = readOutput('result', asked.stdout);
    await home.run(['-s', 'theirs', 'hello']);
    const failed = await home.run([...words, '--json']);
    expect(readOutput('error', failed.stdout)).toMatchObject({ session: sessionId });
    const unknown = await home.run([
      ...words.map((word) => (word === 'mine' ? 'nobody' : word)),
      '--json',
    ]);
    expect(readOutput('error', unknown.stdout)).not.toHaveProperty('session');
  });

  it('shows how to continue a session whose provider is gone from the settings', async () => {
    double.script(says('hello'));
    await home.run(['-s', 'work', 'x']);
    writeFileSync(join(home.folder, '.config/synapse/config.toml'), '');
    const { stderr, exitCode } = await home.run(['-s', 'work', 'x']);
    expect(exitCode).toBe(78);
    expect(stderr).toContain('The session "work" uses the provider "double"');
    expect(stderr).toContain('synapse -s work --model <provider/model>');
    const { stdout } = await home.run(['-s', 'work', '--model', 'demo/demo', 'x']);
    expect(stdout).toContain('I am the **demo** provider');
  });
});
