import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { openPtyScreen, type PtyScreen } from '@synapse/test/support/pty-screen';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { eventStream } from '@synapse/test/support/replies';
import { anthropicWire } from '@synapse/test/support/wire/anthropic-wire';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';
import { openAiResponsesWire } from '@synapse/test/support/wire/openai-responses-wire';

const KEY = 'sk-canary-0123456789';

/** Every provider that the wizard offers, with the format of its answers. */
const CHOICES = [
  ['anthropic', anthropicWire],
  ['openai', openAiResponsesWire],
  ...[
    ...['gemini', 'openrouter', 'deepseek', 'mistral', 'groq'],
    ...['xai', 'together', 'fireworks', 'cerebras'],
  ].map((name) => [name, openAiChatWire] as const),
] as const;

describe('the first run on a terminal', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  let screen: PtyScreen | undefined;
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    double.script(eventStream(...openAiResponsesWire({ text: ['A monad', ' is that.'] })));
  });
  afterEach(async () => {
    screen?.kill();
    await double.close();
    home.remove();
  });

  // Nothing else that runs on this machine may be found.
  const nowhere = { OLLAMA_HOST: 'http://127.0.0.1:9' };
  const open = (args: string[], environment: Record<string, string> = {}) => {
    const opened = openPtyScreen({
      file: join(process.cwd(), 'packages/cli/bin/synapse.cjs'),
      arguments: args,
      columns: 80,
      rows: 40,
      environment: { ...home.environment, ...nowhere, ...environment },
      workingDirectory: home.folder,
    });
    screen = opened;
    return opened;
  };
  const sees = (opened: PtyScreen, text: string) =>
    opened.until((lines) => lines.join('\n').includes(text));
  const keyFile = () => join(home.folder, '.config/synapse/keys.json');

  it('reads a key without showing it, stores it, and asks the question', async () => {
    const opened = open(['what is a monad?'], { OPENAI_BASE_URL: `${double.url}/v1` });
    await sees(opened, 'Number or name:');
    opened.type('Nobody\r');
    await sees(opened, '"Nobody" is not in the list.');
    opened.type('2\r');
    await sees(opened, 'Key for OpenAI (not shown):');
    opened.type('has a space\r');
    await sees(opened, 'characters that a key cannot have');
    opened.type(`${KEY}\r`);
    await sees(opened, 'A monad is that.');
    expect(await opened.exited).toBe(0);
    expect(opened.raw()).not.toContain(KEY);
    expect(JSON.stringify(double.requests[0]?.json())).toContain('what is a monad?');
    expect(double.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(readFileSync(keyFile(), 'utf8')).toContain(KEY);
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
  });

  it.each(CHOICES)('opens the prompt after a typed key for %s, and answers', async (name, wire) => {
    double.script(eventStream(...wire({ text: ['A monad', ' is that.'] })));
    const baseUrl = { [`${name.toUpperCase()}_BASE_URL`]: double.url };
    const opened = open([], baseUrl);
    await sees(opened, 'Number or name:');
    const offered = opened.lines().filter((line) => /^ +\d+ {2}/.test(line));
    expect(offered).toHaveLength(CHOICES.length);
    opened.type(`${name}\r`);
    await sees(opened, '(not shown):');
    opened.type(`${KEY}\r`);
    await sees(opened, '/help lists');
    opened.type('what is a monad?\r');
    await sees(opened, 'A monad is that.');
    opened.type('/exit\r');
    expect(await opened.exited).toBe(0);
    expect(opened.raw()).not.toContain('bug in Synapse');
    expect(JSON.stringify(double.requests.at(-1)?.headers)).toContain(KEY);
  });

  it('changes nothing after Enter alone, and shows the alternatives', async () => {
    const opened = open(['hello']);
    await sees(opened, 'Number or name:');
    opened.type('\r');
    expect(await opened.exited).toBe(78);
    expect(opened.lines().join('\n')).toContain('No model can be asked');
    expect(existsSync(keyFile())).toBe(false);
  });

  it('cancels on an empty key, and exits on Ctrl-C', async () => {
    const refused = open(['hello']);
    await sees(refused, 'Number or name:');
    refused.type('openai\r');
    await sees(refused, 'Key for OpenAI');
    refused.type('\r');
    expect(await refused.exited).toBe(78);
    for (const before of ['', 'openai\r']) {
      const ended = open(['hello']);
      await sees(ended, 'Number or name:');
      ended.type(before);
      await sees(ended, before === '' ? 'Number or name:' : 'Key for OpenAI');
      ended.type('\u0003');
      expect(await ended.exited).toBe(130);
    }
    expect(existsSync(keyFile())).toBe(false);
  });

  it.each([
    ['SIGTERM', ''],
    ['SIGTERM', 'openai\r'],
    ['SIGHUP', ''],
    ['SIGHUP', 'openai\r'],
  ])('ends on %s while it asks, after %j', async (signal, before) => {
    const opened = open(['hello']);
    await sees(opened, 'Number or name:');
    opened.type(before);
    await sees(opened, before === '' ? 'Number or name:' : 'Key for OpenAI');
    opened.kill(signal);
    expect(await opened.exited).toBe(143);
  });

  it('opens a conversation with the demo, and does not ask again until there is a key', async () => {
    const opened = open([]);
    await sees(opened, 'Number or name:');
    opened.type('d\r');
    await sees(opened, '/help lists');
    opened.type('hello\r');
    await sees(opened, 'I am the demo provider');
    opened.type('/exit\r');
    expect(await opened.exited).toBe(0);

    const again = open(['hello again']);
    await sees(again, 'I am the demo provider');
    expect(await again.exited).toBe(0);
    expect(again.raw()).not.toContain('Number or name:');
    expect(again.raw()).toContain('to set up a model: synapse keys set <provider>');
    const variables = { OPENAI_BASE_URL: `${double.url}/v1`, OPENAI_API_KEY: KEY };
    const withKey = open(['and now?'], variables);
    await sees(withKey, 'A monad is that.');
    expect(await withKey.exited).toBe(0);
    const { exitCode } = await home.run(['hello'], { environment: nowhere });
    expect(exitCode).toBe(78);
  });

  it.each([
    ['CI is set', ['hello'], { CI: 'true' }],
    ['programs read it', ['--json', 'hello'], {}],
    ['it shall be quiet', ['-q', 'hello'], {}],
  ])('is not offered where %s', async (_why, args, environment) => {
    const opened = open(args, environment);
    expect(await opened.exited).toBe(78);
    expect(opened.raw()).not.toContain('Number or name:');
  });

  it('is not offered in a pipe', async () => {
    const { exitCode, stderr } = await home.run(['hello'], { environment: nowhere });
    expect(exitCode).toBe(78);
    expect(stderr).not.toContain('Number or name:');
  });
});
