import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { bundleProgram, directoryOf } from '@synapse/test/support/bundle-program';
import { openPtyScreen, type PtyScreen } from '@synapse/test/support/pty-screen';

/** Says what it read; `busy` reads nothing until it is interrupted, SIGUSR2 prints a line above. */
const source = `
  import { createStyle } from '../text/style.ts';
  import { createMemoryHistory } from './history.ts';
  import { openLineEditor } from './line-editor.ts';

  const commands = ['/model ', '/models ', '/more '];
  let stopBusy = () => false;
  const editor = openLineEditor({
    input: process.stdin,
    output: process.stdout,
    style: createStyle(false),
    history: createMemoryHistory({ entries: ['first prompt', 'second prompt'] }),
    complete({ text, cursor }) {
      const word = text.slice(0, cursor);
      const candidates = commands.filter((command) => command.startsWith(word));
      return { start: 0, candidates: candidates.map((value) => ({ value })) };
    },
    editOutside: async (text) => text + ' edited outside',
    onInterrupt: () => stopBusy(),
    onWarning: (error) => editor.printAbove('warning: ' + error),
  });
  process.on('SIGUSR2', () => editor.printAbove('from above'));
  editor.setStatus('status');

  let hints = 0;
  for (;;) {
    const result = await editor.read('> ');
    if (result === 'end') break;
    if (result === 'interrupt') {
      hints += 1;
      editor.printAbove('interrupted ' + hints);
      continue;
    }
    editor.printAbove('read ' + JSON.stringify(result.text));
    if (result.text === 'crash') throw new Error('crashed');
    if (result.text === 'busy') {
      editor.printAbove('working');
      await new Promise((resolve) => { stopBusy = () => { resolve(); return true; }; });
      editor.printAbove('stopped');
    }
    if (result.text === 'ask') {
      const answer = await editor.read('sure? ', { isQuestion: true });
      editor.printAbove('answered ' + JSON.stringify(answer));
    }
  }
  editor.close();
  console.log('bye, raw ' + process.stdin.isRaw);
`;

const family = '👩‍👩‍👧‍👦';

describe('line-editor on a terminal', () => {
  let directory: string;
  let file: string;
  let screen: PtyScreen;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'synapse-editor-'));
    file = join(directory, 'program.cjs');
    await bundleProgram({
      source: `async function main() {${source.replaceAll(/^\s*import .*$/gm, '')}}
        ${source.match(/^\s*import .*$/gm)!.join('\n')}
        void main();`,
      directory: directoryOf(import.meta.url),
      outfile: file,
    });
  });
  afterAll(() => rmSync(directory, { recursive: true }));
  afterEach(async () => {
    screen.kill('SIGKILL');
    await screen.exited;
  });

  const open = async (columns: number) => {
    screen = openPtyScreen({ file, columns, rows: 12 });
    await screen.until((lines) => lines.includes('status'));
  };
  const untilShown = (...expected: string[]) =>
    screen.until((lines) => lines.join('\n').includes(expected.join('\n')));
  const untilRead = (text: string) => untilShownFolded(`read ${JSON.stringify(text)}`);
  /** Wherever the terminal has folded it. */
  const untilShownFolded = (text: string) =>
    screen.until((lines) => lines.join('').replaceAll(' ', '').includes(text.replaceAll(' ', '')));

  describe.each([20, 40, 80])('%i columns wide', (columns) => {
    it('reads what is typed and edited', async () => {
      await open(columns);
      screen.type('wrold');
      screen.type('\u001b[D\u001b[D\u001b[D\u0014\u001b[F!\u0001hello \u0005');
      await untilShown('> hello world!', 'status');
      screen.type('\r');
      await untilRead('hello world!');
      await untilShown('>', 'status');
    });

    it('wraps long input, and continues in the right place', async () => {
      await open(columns);
      const words = 'the quick brown fox jumps over the lazy dog and runs away from it at once';
      screen.type(words);
      await untilShownFolded(words);
      screen.type('\u0001X\u0005\u007f.');
      await untilShownFolded(`X${words.slice(0, -1)}.`);
      screen.type('\r');
      await untilRead(`X${words.slice(0, -1)}.`);
    });

    it('takes two pasted lines as one input', async () => {
      await open(columns);
      screen.type('\u001b[200~one\rtwo\u001b[201~');
      await untilShown('> one', '  two', 'status');
      screen.type('\r');
      await untilRead('one\ntwo');
    });

    it('moves over an emoji family and wide characters as over one character each', async () => {
      await open(columns);
      screen.type(`a${family}c\u001b[D\u001b[DX`);
      await untilShown(`> aX${family}c`);
      screen.type('\u0005\u007f\u007f\u007f日本語\u001b[D\u007f');
      await untilShown('> a日語');
      expect(screen.cursor().column).toBe(5);
      screen.type('\r');
      await untilRead('a日語');
    });

    it('prints above while one types', async () => {
      await open(columns);
      screen.type('half a li');
      await untilShown('> half a li');
      process.kill(screen.pid, 'SIGUSR2');
      await untilShown('from above', '> half a li', 'status');
      screen.type('ne\r');
      await untilRead('half a line');
    });

    it('searches the history', async () => {
      await open(columns);
      screen.type('\u0012irst');
      await untilShown('> first prompt', 'history: irst');
      screen.type('\u0007');
      await untilShown('>', 'status');
      screen.type('\u0012prompt\u0012\r');
      await untilRead('first prompt');
    });

    it('completes as far as it is clear, and then by a menu', async () => {
      await open(columns);
      screen.type('/m\t');
      await untilShown('> /mo', '  /model', '  /models', '  /more', 'status');
      screen.type('\t\t\r');
      await untilShown('> /models', 'status');
      screen.type('x\r');
      await untilRead('/models x');
    });
  });

  describe('when its size changes', () => {
    it.each([
      [40, 20],
      [20, 40],
      [33, 17],
      [62, 23],
    ])('draws folded input anew when %i columns become %i', async (before, after) => {
      await open(before);
      process.kill(screen.pid, 'SIGUSR2');
      const words = 'one two three four five six seven eight nine ten';
      screen.type(words);
      await untilShown('from above', ...foldedInput(words, before), 'status');
      screen.resize(after, 12);
      const expected = ['from above', ...foldedInput(words, after), 'status'];
      await screen.until((lines) => lines.join('\n') === expected.join('\n'));
      screen.type('\r');
      await untilRead(words);
    });

    it('keeps what is above through many changes', async () => {
      await open(60);
      process.kill(screen.pid, 'SIGUSR2');
      const words = 'one two three four five six seven eight nine ten eleven twelve';
      screen.type(words);
      await untilShown('from above', ...foldedInput(words, 60), 'status');
      for (const columns of [45, 31, 22, 70, 20, 50]) {
        screen.resize(columns, 12);
        const expected = ['from above', ...foldedInput(words, columns), 'status'];
        await screen.until((lines) => lines.join('\n') === expected.join('\n'));
      }
    });
  });

  it('makes new lines by Alt-Enter, Shift-Enter, Ctrl-J and a backslash', async () => {
    await open(40);
    screen.type('a\u001b\rb\u001b[13;2uc\u001b[27;2;13~d\ne\\\rf\r');
    await untilRead('a\nb\nc\nd\ne\nf');
  });

  it('clears the line by Ctrl-C, and hints at an empty one', async () => {
    await open(40);
    screen.type('some text');
    await untilShown('> some text');
    screen.type('\u0003');
    await untilShown('>', 'status');
    screen.type('\u0003');
    await untilShown('interrupted 1');
  });

  it('keeps what is typed while busy, and hands Ctrl-C on', async () => {
    await open(40);
    screen.type('busy\r');
    await untilShown('working');
    screen.type('next one\rand a dra');
    screen.type('\u0003');
    await untilShown('stopped', '> next one', 'read "next one"', '> and a dra', 'status');
    screen.type('ft\r');
    await untilRead('and a draft');
  });

  it('does not take for an answer what was typed before the question', async () => {
    await open(40);
    screen.type('ask\ryes\ryes');
    await untilShown('sure?', 'status');
    screen.type('no\r');
    await untilShown('answered {"text":"no"}', '> yes', 'read "yes"', '> yes', 'status');
  });

  it('takes back the text from another program', async () => {
    await open(40);
    screen.type('a text\u0018\u0005');
    await untilShown('> a text edited outside', 'status');
    screen.type('\r');
    await untilRead('a text edited outside');
  });

  it('goes on when nobody can stop it by Ctrl-Z', async () => {
    await open(40);
    screen.type('a text\u001a');
    await screen.until(() => screen.raw().split('\u001b[?2004h').length === 3);
    screen.type(' more');
    await screen.until((lines) => lines.join('\n') === '> a text more\nstatus');
  });

  it('sets the terminal up again after it was stopped and continued', async () => {
    await open(40);
    screen.type('a text');
    await untilShown('> a text');
    process.kill(screen.pid, 'SIGSTOP');
    process.kill(screen.pid, 'SIGCONT');
    await screen.until(() => screen.raw().split('\u001b[?2004h').length === 3);
    screen.type(' more\r');
    await untilRead('a text more');
  });

  it('clears the screen by Ctrl-L', async () => {
    await open(40);
    screen.type('one\rtwo');
    await untilShown('read "one"', '> two');
    screen.type('\u000c');
    await screen.until((lines) => lines.join('\n') === '> two\nstatus');
  });

  it('leaves the terminal as it was, by Ctrl-D', async () => {
    await open(40);
    screen.type('\u0004');
    await untilShown('bye, raw false');
    expect(await screen.exited).toBe(0);
    expect(screen.raw().lastIndexOf('\u001b[?2004l')).toBeGreaterThan(
      screen.raw().lastIndexOf('\u001b[?2004h'),
    );
  });

  it('leaves the terminal as it was, by a crash', async () => {
    await open(40);
    screen.type('crash\r');
    expect(await screen.exited).toBe(1);
    expect(screen.raw()).toContain('\u001b[?2004l');
  });
});

/** The rows of the input, folded behind its prompt. */
function foldedInput(text: string, columns: number): string[] {
  const rows: string[] = [];
  for (let start = 0; start < text.length; start += columns - 2) {
    const row = text.slice(start, start + columns - 2);
    rows.push(((start === 0 ? '> ' : '  ') + row).trimEnd());
  }
  return rows;
}
