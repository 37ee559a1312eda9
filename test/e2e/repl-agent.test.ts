import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hasSandbox } from '@synapse/test/support/has-sandbox';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { openPtyScreen, type PtyScreen } from '@synapse/test/support/pty-screen';
import { streamOf } from '@synapse/test/support/replies';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';

const binary = join(process.cwd(), 'packages/cli/bin/synapse.cjs');
const ctrlC = '\u0003';
const ctrlD = '\u0004';
const write = 'use the write tool {"path": "made.txt", "content": "by the model"}';
const asked = 'Run it?';
// Without a sandbox every command is asked about, unless it is given up: then the rules decide as they do in one.
const sandbox = (await hasSandbox()) ? 'auto' : 'off';

describe('tools in the conversation', () => {
  let home: SynapseHome;
  let screen: PtyScreen;
  beforeEach(async () => {
    home = new SynapseHome();
    writeFileSync(join(home.folder, 'notes.txt'), 'the word is swordfish\n');
    const settings = join(home.folder, '.config/synapse');
    mkdirSync(settings, { recursive: true });
    writeFileSync(join(settings, 'config.toml'), `[tools]\nsandbox = "${sandbox}"\n`);
    screen = openPtyScreen({
      file: binary,
      arguments: ['-r', '--provider', 'demo'],
      columns: 100,
      rows: 40,
      environment: home.environment,
      workingDirectory: home.folder,
    });
    await untilStatus('demo · new');
  });
  afterEach(async () => {
    screen.kill('SIGKILL');
    await screen.exited;
    home.remove();
  });

  const text = () => screen.lines().join('\n');
  const untilShown = (words: string) => screen.until((lines) => lines.join('\n').includes(words));
  const untilStatus = (words: string) =>
    screen.until((lines) => lines.at(-1)?.includes(words) === true);
  /** A Ctrl-D is for an input that waits, and means nothing while something is done. */
  const leave = async () => {
    await screen.until((lines) => lines.at(-2)?.trimEnd() === '>');
    screen.type(ctrlD);
    expect(await screen.exited).toBe(0);
  };
  const reject = async () => {
    screen.type('n');
    await screen.until((lines) => lines.at(-2)?.startsWith('No, because:') === true);
    screen.type('\r');
  };
  const made = () => existsSync(join(home.folder, 'made.txt'));

  it('shows a call and its outcome in a line, and what it brought', async () => {
    screen.type('use the read tool {"path": "notes.txt"}\r');
    await untilShown('✓ read notes.txt');
    await untilShown('swordfish');
    // It waits where it can be seen, and leaves what was there before in the terminal.
    expect(screen.raw()).toContain('waiting …');
    expect(screen.raw()).not.toContain('\u001b[?1049h');
  });

  it('asks where the conversation stands, and runs what is allowed', async () => {
    screen.type(`${write}\r`);
    await untilShown(asked);
    expect(text()).toContain('content: by the model');
    expect(made()).toBe(false);
    screen.type('y');
    await untilShown('✓ write made.txt');
    expect(made()).toBe(true);
  });

  it('shows every rule that an answer would make, however many there are', async () => {
    const command = 'touch a-first-file; mkdir a-second-folder; cp a-third-file a-fourth-file';
    screen.type(`use the shell tool ${JSON.stringify({ command })}\r`);
    await untilShown(asked);
    const rules = command.split('; ').map((part) => `shell: ${part}`);
    const choices = `n no, and why · s and a allow ${rules.join(', ')}`;
    const dense = (words: string) => words.replaceAll(/\s/g, '');
    expect(dense(text())).toContain(dense(choices));
    await reject();
    await untilShown('You rejected this call');
  });

  it.each(['/new', '/fork'])('asks again after %s for what a session allowed', async (command) => {
    screen.type(`${write}\r`);
    await untilShown(asked);
    screen.type('s');
    await untilShown('✓ write made.txt');
    screen.type(`${write}\r`);
    await screen.until((lines) => lines.join('\n').split('✓ write made.txt').length === 3);
    expect(text().split(asked)).toHaveLength(2);
    screen.type(`${command}\r${write}\r`);
    await screen.until((lines) => lines.join('\n').split(asked).length === 3);
    await reject();
    await untilShown('You rejected this call');
  });

  it('takes words that are typed at a question for the next line', async () => {
    screen.type(`${write}\r`);
    await untilShown(asked);
    screen.type('maybe so');
    // The prompt is gone while it is typed, and comes back.
    await screen.until(() => screen.raw().split(asked).length === 3);
    await reject();
    await untilShown('> maybe so');
    expect(made()).toBe(false);
  });

  it('keeps what was typed ahead of a question for the next line', async () => {
    screen.type(`${write}\rhello ag`);
    await untilShown(asked);
    await reject();
    await untilShown('You rejected this call');
    await untilShown('> hello ag');
    screen.type('ain\r');
    await untilShown('hello again');
    expect(made()).toBe(false);
  });

  it('stops the answer at Ctrl-C in a question, and leaves a session that goes on', async () => {
    screen.type(`${write}\r`);
    await untilShown(asked);
    screen.type(ctrlC);
    await untilShown('stopped; the answer so far is kept');
    screen.type('hello\r');
    await untilShown('stay in this session.');
    await leave();
    expect(made()).toBe(false);
    const { stdout } = await home.run(['sessions', 'show', 'last', '--json']);
    const { messages } = JSON.parse(stdout) as { messages: { status: string }[] };
    expect(messages.map(({ status }) => status)).toContain('interrupted');
  });

  it('stops a tool that runs at Ctrl-C, and goes on', async () => {
    screen.type('/allow shell\r');
    await untilShown('allowed until you exit: shell');
    screen.type('use the shell tool {"command": "sleep 60"}\r');
    await screen.until((lines) => lines.some((line) => /^. shell sleep 60/.test(line)));
    screen.type(ctrlC);
    await untilShown('stopped; the answer so far is kept');
    screen.type('hello\r');
    await untilShown('stay in this session.');
    await leave();
  });

  it('only looks while it plans, and acts again', async () => {
    screen.type('/plan\r');
    await untilStatus('planning');
    screen.type(`${write}\r`);
    await untilShown('While planning, tools only read');
    screen.type('/plan off\r/allow write\r');
    await untilShown('allowed until you exit: write');
    screen.type(`${write}\r`);
    await untilShown('✓ write made.txt');
    expect(text()).not.toContain(asked);
    expect(made()).toBe(true);
  });

  it('tells of its tools, and of none where there are to be none', async () => {
    screen.type('/tools\r');
    await untilShown('tools: all');
    expect(text()).toMatch(/shell +execute/);
    screen.type('/tools none\r');
    await untilShown('tools: none');
    screen.type(`${write}\r`);
    await untilShown('You said:');
    expect(made()).toBe(false);
    screen.type('/tools everything\r');
    await untilShown('Choose one of: none, read, all, plan.');
  });
});

describe('the context of the conversation', () => {
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

  it('is shown, pinned, compacted and begun anew, and nothing of the session is lost', async () => {
    const many = 'so many words '.repeat(40);
    double.script(
      ...['one', 'two', 'three'].map((text) => chatReply({ text: [text] })),
      chatReply({ text: ['They said alpha and beta.'] }),
      chatReply({ text: ['four'] }),
    );
    const lines = [
      ...['alpha', 'beta', 'gamma'].map((word) => `${word} ${many}`),
      ...['/context pin 1', '/compact', '/context', '/context reset', 'delta', '/context up'],
    ];
    const { stdout, stderr } = await home.run(['-r', '--tools', 'none'], {
      stdin: `${lines.join('\n')}\n`,
    });
    expect(stderr).toContain('message #1 is now sent in every request');
    expect(stderr).toContain('older turns are now sent as a summary');
    expect(stdout).toMatch(/summary +\d+/);
    expect(stdout).toContain('1 message pinned');
    expect(stderr).toContain('the next request leaves out all earlier messages');
    expect(stderr).toContain('Its actions: reset, pin, unpin');
    const last = double.requests.at(-1)?.body;
    expect(last).toContain('alpha');
    expect(last).toContain('delta');
    expect(last).not.toContain('beta');
    const shown = await home.run(['sessions', 'show', 'last']);
    expect(shown.stdout).toContain('beta so many');
    expect(shown.stdout).toContain('are sent as a summary');
  });

  it('waits for a first word only until Ctrl-C', async () => {
    const asked = new Promise<void>((resolve) => {
      const hang = () => {
        resolve();
        return streamOf([{ hang: true }]);
      };
      double.script(hang, chatReply({ text: ['here I am'] }));
    });
    const screen = openPtyScreen({
      ...{ file: binary, arguments: ['-r', '--tools', 'none'], columns: 80, rows: 24 },
      environment: home.environment,
    });
    try {
      const shows = (text: string) => (lines: readonly string[]) => lines.join('\n').includes(text);
      await screen.until((lines) => lines.at(-1)?.includes('double-1 · new') === true);
      screen.type('hello\r');
      await asked;
      await screen.until(shows('waiting …'));
      screen.type(ctrlC);
      await screen.until(shows('stopped; the answer so far is kept'));
      screen.type('again\r');
      await screen.until(shows('here I am'));
    } finally {
      screen.kill('SIGKILL');
      await screen.exited;
    }
  });

  it('is summarised behind an answer that leaves little room, in a word', async () => {
    setUpDouble(home, double, '[context]\nmax_tokens = 1000\nkeep_recent = 2\n');
    const many = 'many words of it '.repeat(75);
    double.script(
      chatReply({ text: [many], usage: null }),
      chatReply({ text: [many], usage: null }),
      chatReply({ text: ['The first was said.'] }),
    );
    const { stdout, stderr } = await home.run(['-r', '--tools', 'none'], {
      stdin: `first ${many}\nsecond\nthird\n`,
    });
    expect(stderr).toContain('older turns are now sent as a summary');
    expect(stdout).toContain('The first was said.');
    expect(double.requests.at(-1)?.body).toContain('The first was said.');
  });
});

describe('files and thoughts in the conversation', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    setUpDouble(home, double);
    writeFileSync(join(home.folder, 'my notes.txt'), 'the word is swordfish\n');
    writeFileSync(join(home.folder, 'a.png'), Buffer.from('89504e470d0a1a0a', 'hex'));
  });
  afterEach(async () => {
    await double.close();
    home.remove();
  });
  const talk = (...lines: string[]) =>
    home.run(['-r', '--tools', 'none'], { stdin: `${lines.join('\n')}\n` });

  it('sends the files that a text names, and leaves alone what is none', async () => {
    double.script(chatReply({ text: ['seen'] }));
    await talk('what is in @my\\ notes.txt? ask me@example.com or @nobody');
    expect(double.requests[0]?.body).toContain('the word is swordfish');
    expect(double.requests).toHaveLength(1);
  });

  it('attaches files and pictures to what is said next, and only to that', async () => {
    double.script(chatReply({ text: ['seen'] }));
    const { stderr, exitCode } = await talk(
      ...[
        '/attach my notes.txt',
        '/image a.png',
        'look',
        'again',
        '/image my notes.txt',
        '/attach -',
      ],
    );
    const [first, second] = double.requests.map(
      ({ body }) => JSON.parse(body) as { messages: unknown[] },
    );
    expect(JSON.stringify(first)).toContain('swordfish');
    expect(JSON.stringify(second?.messages.at(-1))).not.toContain('swordfish');
    expect(JSON.stringify(first)).toContain('data:image/png;base64,iVBORw0KGgo=');
    expect(JSON.stringify(second?.messages.at(-1))).not.toContain('image');
    expect(stderr).toContain('is not a PNG, JPEG, GIF or WebP image');
    expect(stderr).toContain('There is no file "./-"');
    expect(exitCode).not.toBe(0);
  });

  it('shows again what a model thought', async () => {
    double.script(chatReply({ reasoning: ['Hm, swordfish.'], text: ['So it is.'] }));
    const { stdout } = await talk('hello', '/thinking');
    expect(stdout).toBe('So it is.\nHm, swordfish.\n');
  });

  it('has its tools again when it is resumed', async () => {
    const words = ['-p', 'demo', '-r', '-s', 'work'];
    await home.run(words, { stdin: 'hello\n' });
    const again = await home.run(words, { stdin: 'use the now tool\n' });
    expect(again.stdout).toContain('returned:');
  });
});

describe('tools in a conversation that is piped in', () => {
  let home: SynapseHome;
  beforeEach(() => {
    home = new SynapseHome();
  });
  afterEach(() => home.remove());

  it('are not run where nobody can be asked, and the program ends with 77 and what would allow it', async () => {
    const outcome = await home.run(['-r', '--provider', 'demo'], { stdin: `${write}\nhello\n` });
    expect(outcome.exitCode).toBe(77);
    expect(outcome.stdout).toContain('and now:');
    expect(outcome.stderr).toContain("--allow 'write: made.txt'");
    expect(existsSync(join(home.folder, 'made.txt'))).toBe(false);
  });

  it('are run where a flag allows it', async () => {
    const words = ['-r', '--provider', 'demo', '--allow', 'write'];
    const outcome = await home.run(words, { stdin: `${write}\n` });
    expect(outcome.exitCode).toBe(0);
    expect(existsSync(join(home.folder, 'made.txt'))).toBe(true);
  });
});
