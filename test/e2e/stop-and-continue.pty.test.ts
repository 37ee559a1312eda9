import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { childrenOf } from '@synapse/test/support/is-running';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { openPtyScreen, openShellScreen, type PtyScreen } from '@synapse/test/support/pty-screen';
import { streamOf } from '@synapse/test/support/replies';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';

const ctrlZ = '\u001a';

describe('Ctrl-Z and fg', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  let screen: PtyScreen;
  let goOn: () => void;
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    setUpDouble(home, double);
    screen = openShellScreen({
      columns: 80,
      rows: 30,
      environment: { ...home.environment, PS1: 'sh> ' },
      workingDirectory: home.folder,
    });
    await shows(/^sh>$/);
  });
  afterEach(async () => {
    screen.kill('SIGKILL');
    await screen.exited;
    await double.close();
    home.remove();
  });

  const shows = (pattern: RegExp) => screen.until((lines) => pattern.test(lines.at(-1) ?? ''));
  const sees = (text: string) => screen.until((lines) => lines.join('\n').includes(text));
  const start = (...args: string[]) => {
    const synapse = join(process.cwd(), 'packages/cli/bin/synapse.cjs');
    screen.type(`'${process.execPath}' '${synapse}' ${args.join(' ')}\r`);
  };
  /** An answer whose second half waits for `goOn`. */
  const slowAnswer = (first: string, second: string) => {
    const events = openAiChatWire({ text: [first, second] });
    const wait = new Promise<void>((resolve) => (goOn = resolve));
    double.script(
      streamOf([
        { send: events.slice(0, first === '' ? 1 : 2).join('') },
        { wait },
        { send: events.slice(2).join('') },
      ]),
    );
  };
  /** The shell has a terminal on which one sees what one types. */
  const hasUsableTerminal = async () => {
    await shows(/^sh>$/);
    screen.type('stty -a | grep -o "[-]*\\bicanon\\|[-]*\\becho\\b"; echo seen\r');
    await sees('\nicanon\necho\nseen');
    const cursor =
      screen
        .raw()
        .match(/\u001b\[\?25[lh]/g)
        ?.at(-1) ?? '';
    expect(cursor).not.toBe('\u001b[?25l');
  };

  /** To the program that the shell has in front. */
  const signal = (name: string) => {
    const [child] = childrenOf(screen.pid);
    process.kill(child!, `SIG${name}`);
  };
  /** Private modes that are not as they were: lines wrap and the cursor is seen, and nothing else. */
  const changedModes = () => {
    const last = new Map<string, string>();
    const changes = screen.raw().matchAll(/\u001b\[\?(\d+)([hl])/g);
    for (const [, mode = '', end = ''] of changes) last.set(mode, end);
    // The shell's own, for pasted text.
    last.delete('2004');
    return [...last].filter(([mode, end]) => (end === 'h') !== ['7', '25'].includes(mode));
  };

  it('keeps what was typed at the prompt', async () => {
    start();
    await shows(/double-1 · new/);
    screen.type('half');
    await sees('> half');
    screen.type(ctrlZ);
    await hasUsableTerminal();
    screen.type('fg\r');
    await shows(/double-1 · new/);
    screen.type(' typed');
    await screen.until((lines) => lines.at(-2) === '> half typed');
    slowAnswer('Fine', '.');
    goOn();
    screen.type('\r');
    await sees('Fine.');
  });

  it.each([
    ['a one-shot', ['hello']],
    ['the conversation', ['-r', '-q', 'hello']],
  ])('draws what is not finished of the answer of %s again', async (_what, args) => {
    slowAnswer('A first paragraph.\n\nA second one that', ' ends later.');
    start(...args);
    await sees('A second one that');
    screen.type(ctrlZ);
    await hasUsableTerminal();
    screen.type('fg\r');
    await screen.until(
      (lines) => lines.filter((line) => line.startsWith('A second one that')).length === 2,
    );
    goOn();
    await sees('\nA second one that ends later.');
    const first = screen.lines().filter((line) => line === 'A first paragraph.');
    expect(first).toHaveLength(1);
  });

  it.each([
    ['a one-shot', ['hello']],
    ['the conversation', ['-r', 'hello']],
  ])('asks for approval again in %s, and takes no answer from before', async (_what, args) => {
    setUpDouble(home, double, '[tools]\nsandbox = "off"\n');
    const input = JSON.stringify({ command: 'touch made' });
    double.script(
      chatReply({ toolCalls: [{ id: '1', name: 'shell', arguments: [input] }] }),
      chatReply({ text: ['Done.'] }),
    );
    const count = (lines: readonly string[], text: string) =>
      lines.filter((line) => line.startsWith(text)).length;
    start(...args);
    await sees('Run it?');
    screen.type(`y${ctrlZ}`);
    await hasUsableTerminal();
    // The answer is in the terminal before the question is shown again.
    screen.type('fg\ry\r');
    await screen.until((lines) => count(lines, '  command: touch made') === 2);
    const lastOf = (lines: readonly string[], text: string) =>
      lines.findLastIndex((line) => line.startsWith(text));
    await screen.until((lines) => lastOf(lines, 'Run it?') > lastOf(lines, '  command'));
    expect(existsSync(join(home.folder, 'made'))).toBe(false);
    screen.type('y');
    await sees('Done.');
    expect(existsSync(join(home.folder, 'made'))).toBe(true);
  });

  it('shows the cursor while it is stopped before the first word', async () => {
    slowAnswer('', 'Here it is.');
    start('hello');
    await sees('waiting');
    screen.type(ctrlZ);
    await hasUsableTerminal();
    screen.type('fg\r');
    await shows(/waiting/);
    goOn();
    await sees('Here it is.');
    await hasUsableTerminal();
  });

  it('shows the cursor after two Ctrl-C before the first word', async () => {
    double.script(streamOf([{ hang: true }]));
    start('hello');
    await sees('waiting');
    screen.type('\u0003\u0003');
    await hasUsableTerminal();
    double.script(chatReply({ text: ['And on.'] }));
    start('-q', 'hello');
    await sees('And on.');
  });

  it.each([
    ['Ctrl-D', () => screen.type('\u0004')],
    ['Ctrl-C twice', () => screen.type('\u0003\u0003')],
    ['/exit', () => screen.type('/exit\r')],
    ['SIGTERM', () => signal('TERM')],
    ['SIGHUP', () => signal('HUP')],
  ])('leaves a usable terminal after %s at the prompt', async (_what, leave) => {
    start();
    await shows(/double-1 · new/);
    leave();
    await hasUsableTerminal();
    expect(changedModes()).toEqual([]);
  });

  it.each([
    ['SIGTERM', async () => signal('TERM')],
    ['SIGHUP', async () => signal('HUP')],
    [
      'Ctrl-C, and Ctrl-D at the prompt',
      async () => {
        screen.type('\u0003');
        await sees('the answer so far is kept');
        await shows(/double-1 · .* hello/);
        screen.type('\u0004');
      },
    ],
  ])('leaves a usable terminal after %s in an answer', async (_what, leave) => {
    slowAnswer('A first word', ' and more.');
    start('-r', 'hello');
    await sees('A first word');
    await leave();
    await hasUsableTerminal();
    expect(changedModes()).toEqual([]);
    const { stdout } = await home.run(['sessions', 'show', 'last', '--json']);
    expect(stdout).toContain('"status":"interrupted"');
    expect(stdout).toContain('A first word');
  });
});

describe('Ctrl-C in a one-shot', () => {
  it('shows how to continue the session', async () => {
    const home = new SynapseHome();
    const double = await openProviderDouble();
    setUpDouble(home, double);
    const [first = '', second = ''] = openAiChatWire({ text: ['A half', ' and'] });
    double.script(streamOf([{ send: first + second }, { hang: true }]));
    const screen = openPtyScreen({
      file: join(process.cwd(), 'packages/cli/bin/synapse.cjs'),
      arguments: ['hello'],
      columns: 80,
      rows: 30,
      environment: home.environment,
      workingDirectory: home.folder,
    });
    try {
      await screen.until((lines) => lines.join('\n').includes('A half'));
      screen.type('\u0003');
      expect(await screen.exited).toBe(130);
      const [, id = ''] =
        /resume with: synapse -c, or -s (\S+)/.exec(screen.lines().join('\n')) ?? [];
      double.script(chatReply({ text: ['Resumed.'] }));
      expect(await home.run(['-s', id, 'and?'])).toMatchObject({
        stdout: 'Resumed.\n',
        exitCode: 0,
      });
      expect(JSON.stringify(double.requests.at(-1)?.json())).toContain('A half');
    } finally {
      screen.kill('SIGKILL');
      await double.close();
      home.remove();
    }
  });
});
