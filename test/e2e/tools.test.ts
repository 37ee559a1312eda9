import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chatOrderProblems } from '@synapse/test/support/chat-order-problems';
import { endsSoon } from '@synapse/test/support/is-running';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { jsonReply } from '@synapse/test/support/replies';
import { outcomeOf, SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';

interface Shown {
  messages: { role: string; status: string; parts: { type: string; output?: string }[] }[];
}

describe('tools', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  let cwd: string;
  beforeEach(async () => {
    home = new SynapseHome();
    cwd = join(home.folder, 'work');
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'notes.txt'), 'buy milk\n');
    double = await openProviderDouble();
    setUpDouble(home, double, '[tools]\nsandbox = "off"\n');
  });
  afterEach(async () => {
    await double.close();
    home.remove();
  });

  const run = (...args: string[]) => home.run(args, { cwd });
  const calls = (name: string, input: object, id = 'call-1') =>
    chatReply({ toolCalls: [{ id, name, arguments: [JSON.stringify(input)] }] });
  const says = (text: string) => chatReply({ text: [text] });
  const shell = (command: string) => calls('shell', { command });
  const shown = async () =>
    JSON.parse((await run('sessions', 'show', 'last', '--json')).stdout) as Shown;
  const until = async (condition: () => Promise<boolean>) => {
    for (let tries = 0; tries < 2000 && !(await condition()); tries++) await sleep(50);
    expect(await condition()).toBe(true);
  };
  const exists = (name: string) => async () => (await readdir(cwd)).includes(name);

  it('runs what the model calls and gives it the results', async () => {
    double.script(calls('read', { path: 'notes.txt' }), says('You need milk.'));
    const { stdout, stderr, exitCode } = await run('What do I need?');
    expect({ stdout, exitCode }).toEqual({ stdout: 'You need milk.\n', exitCode: 0 });
    expect(stderr).toMatch(/^✓ read notes\.txt \d+ ms\n$/);
    const [first, second] = double.requests.map(({ json }) => json());
    expect(JSON.stringify(first?.tools)).toContain('"read"');
    expect(JSON.stringify(second?.messages)).toContain('buy milk');
    expect((await shown()).messages.map(({ role, status }) => `${role} ${status}`)).toEqual([
      'user complete',
      'assistant complete',
      'tool complete',
      'assistant complete',
    ]);
  });

  it('is left out for a model that takes none, which answers all the same', async () => {
    const message = 'registry.example/library/small:1b does not support tools';
    double.script(jsonReply(400, { error: { message, type: 'api_error' } }), says('Hello.'));
    const { stdout, stderr, exitCode } = await run('What do I need?');
    expect({ stdout, exitCode }).toEqual({ stdout: 'Hello.\n', exitCode: 0 });
    expect(stderr).toContain('double-1 does not support tools; asking it without them.');
    const [first, second] = double.requests.map(({ json }) => json());
    expect(second).toEqual({ ...first, tools: undefined });
    expect((await shown()).messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
  });

  it('is offered by the demo provider, too', async () => {
    const { stdout } = await run('--provider', 'demo', 'use the tool list');
    expect(stdout).toContain('notes.txt');
  });

  it('tells programs of each call and its result, and counts all answers', async () => {
    double.script(calls('read', { path: 'notes.txt' }), says('Milk.'));
    const { stdout } = await run('-o', 'ndjson', 'What?');
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
    expect(events.map(({ type }) => type)).toEqual([
      'session',
      'tool-call',
      'tool-result',
      'text-delta',
      'result',
    ]);
    expect(events[2]).toMatchObject({ name: 'read', isError: false });
    expect(events.at(-1)).toMatchObject({ text: 'Milk.', usage: { outputTokens: 20 } });
  });

  it('runs nothing without a person or a rule, and ends with 77 and the flag', async () => {
    double.script(shell('touch made'), says('I could not.'));
    const { stdout, stderr, exitCode } = await run('Make it');
    expect({ stdout, exitCode }).toEqual({ stdout: 'I could not.\n', exitCode: 77 });
    expect(stderr).toContain("--allow 'shell: touch made'");
    expect(await exists('made')()).toBe(false);
  });

  it('runs what --allow names and nothing else', async () => {
    double.script(shell('touch made'), shell('touch made; touch other'), says('Done.'));
    const { exitCode } = await run('--allow', 'shell: touch made', 'Make it');
    expect(exitCode).toBe(77);
    expect(await exists('made')()).toBe(true);
    expect(await exists('other')()).toBe(false);
  });

  it.each([
    ['--allow', 'shel: touch made', 2, 'Did you mean "shell"?'],
    ['--allow', 'weather', 2, 'Known tools: read, write'],
    ['--allow', 'shell:', 2, 'is not a rule for tools'],
  ])('refuses the rule %s %j before anything is asked', async (flag, rule, code, message) => {
    const { stderr, exitCode } = await run(flag, rule, 'Make it');
    expect({ stderr, exitCode }).toEqual({
      stderr: expect.stringContaining(message),
      exitCode: code,
    });
    expect(double.requests).toEqual([]);
  });

  it('refuses a setting that would deny nothing', async () => {
    setUpDouble(home, double, '[tools]\ndeny = ["shel: rm *", "mcp__x__y"]\n');
    const { stderr, exitCode } = await run('Make it');
    expect(exitCode).toBe(78);
    expect(stderr).toContain('The rule "shel: rm *" names an unknown tool.');
  });

  it('refuses a rule that names a server where a tool has to stand', async () => {
    for (const rule of ['mcp__files', 'mcp__my_files: *.txt']) {
      const { stderr, exitCode } = await run('--allow', rule, 'Make it');
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`"${rule.split(':')[0]}__*" matches all of its tools.`);
    }
    double.script(says('Hi.'));
    for (const rule of ['mcp__files__*', 'mcp__files__read', 'mcp__*', 'mcp_*']) {
      expect((await run('--allow', rule, 'Hi')).exitCode).toBe(0);
      double.script(says('Hi.'));
    }
  });

  it('runs everything with --yolo, loudly, but what is denied', async () => {
    setUpDouble(home, double, '[tools]\nsandbox = "off"\ndeny = ["shell: rm *"]\n');
    double.script(shell('touch made'), shell('rm notes.txt'), says('Done.'));
    const { stderr, exitCode } = await run('--yolo', '-q', 'Make it');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('WITHOUT ASKING');
    expect((await readdir(cwd)).sort()).toEqual(['made', 'notes.txt']);
  });

  it('offers only what the mode permits', async () => {
    const offered = () => JSON.stringify(double.requests.at(-1)?.json().tools ?? null);
    double.script(says('Hi.'));
    await run('--tools', 'read', 'Hello');
    expect(offered()).toContain('"read"');
    expect(offered()).not.toContain('"write"');
    await run('--tools', 'none', 'Hello');
    expect(offered()).toBe('null');
  });

  it('lets the model see neither the settings nor the memory', async () => {
    double.script(
      calls('read', { path: '../.config/synapse/config.toml' }),
      calls('grep', { pattern: 'double', path: '..' }),
      says('No.'),
    );
    await run('--yolo', 'Spy');
    expect(double.requests.at(-1)?.body).not.toContain('base_url');
  });

  it('stops a model that makes the same call over and over', async () => {
    double.script(calls('list', {}));
    const { stderr, exitCode } = await run('Go');
    expect(exitCode).toBe(72);
    expect(stderr).toContain('same call over and over');
    const results = (await shown()).messages.flatMap(({ parts }) =>
      parts.filter(({ type }) => type === 'tool-result'),
    );
    expect(results).toHaveLength(8);
    expect(results.filter(({ output }) => output?.includes('was made before'))).toHaveLength(5);
  });

  it('ends after --max-turns rounds with 72', async () => {
    double.script(...[1, 2, 3].map((n) => calls('grep', { pattern: `${n}` })));
    const { stderr, exitCode } = await run('--max-turns', '2', 'Go');
    expect(exitCode).toBe(72);
    expect(stderr).toContain('more than 2 rounds');
    expect(double.requests).toHaveLength(3);
  });

  it('ends a running command on Ctrl-C, and goes on from there later', async () => {
    double.script(shell('echo $$ > begun; sleep 60; touch late'), says('Never mind.'));
    const child = home.start(['--yolo', 'Go'], { cwd });
    const outcome = outcomeOf(child);
    await until(exists('begun'));
    child.kill('SIGINT');
    expect((await outcome).exitCode).toBe(130);
    const pid = Number(await readFile(join(cwd, 'begun'), 'utf8'));
    expect(await endsSoon(pid)).toBe(true);
    expect((await shown()).messages.at(-1)).toMatchObject({ status: 'interrupted' });
    expect((await run('-c', 'And now?')).stdout).toBe('Never mind.\n');
    expect(chatOrderProblems(double.requests.at(-1)?.json().messages)).toEqual([]);
    expect(double.requests.at(-1)?.body).toContain('effect is unknown');
  });

  it('knows after a kill -9 what was under way, and does not do it again', async () => {
    double.script(shell('echo run >> runs; touch begun; sleep 60'), says('I see.'));
    const child = home.start(['--yolo', '-s', 'killed', 'Go'], { cwd });
    const outcome = outcomeOf(child);
    await until(exists('begun'));
    child.kill('SIGKILL');
    await outcome;
    expect((await run('--yolo', '-s', 'killed', 'What happened?')).stdout).toBe('I see.\n');
    expect(chatOrderProblems(double.requests.at(-1)?.json().messages)).toEqual([]);
    expect(double.requests.at(-1)?.body).toContain('effect is unknown');
    expect(await readFile(join(cwd, 'runs'), 'utf8')).toBe('run\n');
  });
});
