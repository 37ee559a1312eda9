import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { openPtyScreen, type PtyScreen } from '@synapse/test/support/pty-screen';
import { streamOf } from '@synapse/test/support/replies';
import { outcomeOf, SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';
import type { ChildProcess } from 'node:child_process';

describe('a session that another process has', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  let holder: ChildProcess;
  let finish: (value: unknown) => void;
  let screen: PtyScreen | undefined;
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    setUpDouble(home, double);
    const events = openAiChatWire({ text: ['first ', 'answer'] });
    const finished = new Promise((resolve) => {
      finish = resolve;
    });
    double.script(
      streamOf([
        { send: events.slice(0, 2).join('') },
        { wait: finished },
        { send: events.slice(2).join('') },
      ]),
      chatReply({ text: ['second answer'] }),
    );
    holder = home.start(['-s', 'plan', 'one']);
    if (holder.stdout) await once(holder.stdout, 'data');
  });
  afterEach(async () => {
    finish(null);
    screen?.kill('SIGKILL');
    screen = undefined;
    await double.close();
    holder.kill('SIGKILL');
    home.remove();
  });

  const onTerminal = () => {
    screen = openPtyScreen({
      file: join(process.cwd(), 'packages/cli/bin/synapse.cjs'),
      arguments: ['--raw', '-s', 'plan', 'two'],
      columns: 100,
      rows: 24,
      environment: home.environment,
    });
    return screen;
  };
  const asks = (lines: readonly string[]) => lines.join('\n').includes('[t]ake over');
  const says = (words: string) => (lines: readonly string[]) => lines.join('\n').includes(words);
  const listed = async () => {
    const { stdout } = await home.run(['sessions', 'list', '--json']);
    return (JSON.parse(stdout) as { items: object[] }).items;
  };

  it('is forked or taken over in a chat, if a flag asks for it', async () => {
    const talk = (flag: string) =>
      home.run(['-r', '-s', 'plan', flag, '--tools', 'none'], { stdin: 'two\n' });
    const refused = await home.run(['-r', '-s', 'plan'], { stdin: 'two\n' });
    expect(refused.exitCode).toBe(75);
    const copied = await talk('--fork');
    expect(copied).toMatchObject({ exitCode: 0, stdout: 'second answer\n' });
    expect(await listed()).toHaveLength(2);
    const taken = await talk('--take-over');
    expect(taken).toMatchObject({ exitCode: 0, stdout: 'second answer\n' });
    expect(await listed()).toHaveLength(2);
  });

  it('keeps its model where it is refused', async () => {
    const [before] = await listed();
    const refused = await home.run(['-s', 'plan', '-m', 'another', 'two']);
    expect(refused.exitCode).toBe(75);
    expect(await listed()).toMatchObject([{ model: (before as { model: string }).model }]);
  });

  it('ends with 75 and shows the commands to continue', async () => {
    const { stdout, stderr, exitCode } = await home.run(['-s', 'plan', 'two']);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 75 });
    expect(stderr).toContain('synapse -s plan --fork');
    expect(stderr).toContain('synapse -s plan --take-over');
    expect(double.requests).toHaveLength(1);
  });

  it('keeps it from one whose clock is two minutes ahead', async () => {
    const ahead = join(home.folder, 'ahead.cjs');
    writeFileSync(
      ahead,
      `globalThis.Date = class extends Date {
        constructor(...parts) { super(...(parts.length === 0 ? [Date.now()] : parts)); }
        static now() { return super.now() + 120_000; }
      };`,
    );
    const { exitCode } = await home.run(['-s', 'plan', 'two'], {
      environment: { NODE_OPTIONS: `--require=${JSON.stringify(ahead)}` },
    });
    expect(exitCode).toBe(75);
    finish(null);
    expect(await outcomeOf(holder)).toMatchObject({ exitCode: 0 });
  });

  it('continues with a copy for --fork, and does not affect the original', async () => {
    const { stdout, exitCode } = await home.run(['-s', 'plan', '--fork', 'two']);
    expect({ stdout, exitCode }).toEqual({ stdout: 'second answer\n', exitCode: 0 });
    finish(null);
    expect((await outcomeOf(holder)).exitCode).toBe(0);
    expect(await listed()).toHaveLength(2);
  });

  it('takes it over for --take-over, and the other process can no longer write', async () => {
    const { stdout, exitCode } = await home.run(['-s', 'plan', '--take-over', 'two']);
    expect({ stdout, exitCode }).toEqual({ stdout: 'second answer\n', exitCode: 0 });
    finish(null);
    const { stderr, exitCode: end } = await outcomeOf(holder);
    expect(stderr).toContain('NOT SAVED');
    expect(end).toBe(74);
    expect(await listed()).toHaveLength(1);
  });

  it('asks on a terminal, and waits until it is free', async () => {
    const terminal = onTerminal();
    await terminal.until(asks);
    terminal.type('w\r');
    await terminal.until(says('waiting until'));
    finish(null);
    await terminal.until(says('second answer'));
    expect(await terminal.exited).toBe(0);
    expect(await listed()).toMatchObject([{ messageCount: 4 }]);
  });

  it('reads the session again after waiting, and asks the model that it has by then', async () => {
    const terminal = onTerminal();
    await terminal.until(asks);
    const store = await openSqliteStore({
      path: join(home.folder, '.config/synapse/sessions.db'),
    });
    const [session] = await store.sessions.find('plan');
    await store.sessions.update(session?.id ?? '', { model: 'double-2' });
    await store.close();
    terminal.type('w\r');
    await terminal.until(says('waiting until'));
    finish(null);
    await terminal.until(says('second answer'));
    expect(await terminal.exited).toBe(0);
    expect(double.requests.map(({ json }) => json().model)).toEqual(['double-1', 'double-2']);
    expect(await listed()).toMatchObject([{ model: 'double-2', messageCount: 4 }]);
  });

  it('asks on a terminal, and forks', async () => {
    const terminal = onTerminal();
    await terminal.until(asks);
    terminal.type('f\r');
    await terminal.until(says('second answer'));
    expect(await terminal.exited).toBe(0);
    expect(await listed()).toHaveLength(2);
  });

  it.each([
    ['\r', 75],
    ['\u0003', 130],
  ])('leaves it alone for %j', async (keys, code) => {
    const terminal = onTerminal();
    await terminal.until(asks);
    terminal.type(keys);
    expect(await terminal.exited).toBe(code);
    expect(double.requests).toHaveLength(1);
  });
});
