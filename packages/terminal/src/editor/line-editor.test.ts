import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createVirtualScreen } from '@synapse/test/support/virtual-screen';
import { createStyle } from '../text/style.ts';
import type { Completion } from './completion.ts';
import { createMemoryHistory } from './history.ts';
import type { LineEditorOptions } from './line-editor-options.ts';
import { openLineEditor } from './line-editor.ts';
import type { LineReader } from './line-reader.ts';

/** Timers that run out when the test says so. */
function createTimers() {
  const running = new Set<() => void>();
  return {
    start: (run: () => void) => {
      running.add(run);
      return () => running.delete(run);
    },
    runOut() {
      for (const run of [...running]) {
        running.delete(run);
        run();
      }
    },
  };
}

class FakeInput extends EventEmitter {
  isRaw = false;
  setRawMode(isRaw: boolean) {
    this.isRaw = isRaw;
  }
  resume() {
    return this;
  }
  pause() {
    return this;
  }
  type(keys: string) {
    this.emit('data', Buffer.from(keys));
  }
}

class FakeOutput extends EventEmitter {
  readonly columns = 40;
  readonly rows = 10;
  readonly screen = createVirtualScreen(40, 10);
  written = '';
  write(text: string) {
    this.written += text;
    this.screen.write(text);
  }
}

class FakeProcess extends EventEmitter {
  stops = 0;
  stop() {
    this.stops += 1;
  }
}

let editor: LineReader | undefined;

function open(options: Partial<LineEditorOptions> = {}) {
  const [input, output, host] = [new FakeInput(), new FakeOutput(), new FakeProcess()];
  const timers = createTimers();
  const counted = { interrupts: 0 };
  const warnings: unknown[] = [];
  const history = createMemoryHistory({ entries: ['git log', 'make', 'git push'] });
  editor = openLineEditor({
    input,
    output,
    history,
    style: createStyle(false),
    onInterrupt: () => (counted.interrupts += 1) > 0,
    onWarning: (error) => warnings.push(error),
    process: host,
    startTimer: timers.start,
    ...options,
  });
  const shown = () => output.screen.lines();
  return { editor, input, output, host, timers, counted, warnings, history, shown };
}

describe('line-editor', () => {
  afterEach(() => editor?.close());

  it('has the terminal from the beginning until it is closed', async () => {
    const { editor: opened, input, output, host } = open();
    expect(input.isRaw).toBe(true);
    const reading = opened.read('> ');
    opened.close();
    expect(await reading).toBe('end');
    expect(await opened.read('> ')).toBe('end');
    expect(input.isRaw).toBe(false);
    expect(output.written).toMatch(/\[\?2004h.*\[\?2004l/s);
    for (const emitter of [input, output, host]) expect(emitter.eventNames()).toEqual([]);
  });

  it.each(['end', 'close', 'error'])('ends when the terminal is gone (%s)', async (event) => {
    const { editor: opened, input } = open();
    const reading = opened.read('> ');
    input.emit(event);
    expect(await reading).toBe('end');
  });

  it('gives the terminal back when the process exits', () => {
    const { editor: opened, input, output, host } = open();
    void opened.read('> ');
    host.emit('exit');
    expect(input.isRaw).toBe(false);
    expect(output.written).toContain('\u001b[?2004l');
  });

  it('remembers what was entered, but no answer to a question', async () => {
    const { editor: opened, input, history } = open();
    const reading = opened.read('> ');
    input.type('one\r');
    await reading;
    const asking = opened.read('sure? ', { isQuestion: true });
    input.type('yes\r');
    expect(await asking).toEqual({ text: 'yes' });
    expect(history.entries().at(-1)).toBe('one');
  });

  describe('a question', () => {
    const question = () => 'The model wants to use shell\n  command: ls\n';
    const ask = (opened: LineReader) => {
      const answers: unknown[] = [];
      void opened
        .read('Run it? ', { isQuestion: true, question })
        .then((line) => answers.push(line));
      return answers;
    };
    const settle = () => new Promise(setImmediate);

    it('is not decided by keys that come before anybody can have read it', async () => {
      const { editor: opened, input, timers, shown } = open();
      const answers = ask(opened);
      input.type('y\r');
      timers.runOut();
      // It takes a second timer until keys that waited in the terminal have come.
      input.type('y\r');
      timers.runOut();
      timers.runOut();
      await settle();
      expect(answers).toEqual([]);
      expect(await shown()).toEqual(['The model wants to use shell', '  command: ls', 'Run it? ']);
      input.type('n\r');
      await settle();
      expect(answers).toEqual([{ text: 'n' }]);
      // What was typed too early is what is read next.
      expect(await opened.read('> ')).toMatchObject({ text: 'y' });
      expect(await opened.read('> ')).toMatchObject({ text: 'y' });
    });

    it('leaves what is typed too early in the next input', async () => {
      const { editor: opened, input, timers, shown } = open();
      input.type('dra');
      const answers = ask(opened);
      input.type('ft');
      timers.runOut();
      timers.runOut();
      input.type('n\r');
      await settle();
      expect(answers).toEqual([{ text: 'n' }]);
      void opened.read('> ');
      expect((await shown()).at(-1)).toBe('> draft');
    });

    it('is shown again, and guarded again, when the process is continued', async () => {
      const { editor: opened, input, output, host, timers, shown } = open();
      const answers = ask(opened);
      timers.runOut();
      timers.runOut();
      input.type('ye\u001a');
      expect(host.stops).toBe(1);
      output.write('\r\nsh> fg\r\n');
      host.emit('SIGCONT');
      input.type('y\r');
      timers.runOut();
      timers.runOut();
      await settle();
      expect(answers).toEqual([]);
      const all = await shown();
      const after = all.slice(all.indexOf('sh> fg') + 1);
      expect(after).toEqual(['The model wants to use shell', '  command: ls', 'Run it? ']);
      input.type('n\r');
      await settle();
      expect(answers).toEqual([{ text: 'n' }]);
    });

    it('is ended by Ctrl-C at any time', async () => {
      const { editor: opened, input, counted } = open();
      const answers = ask(opened);
      input.type('\u0003');
      await settle();
      expect(answers).toEqual(['interrupt']);
      expect(counted.interrupts).toBe(0);
    });
  });

  describe('a question that one key answers', () => {
    const question = () => 'The model wants to use shell';
    const choice = { prompt: 'Run it? ', question, answers: { y: 'yes', n: 'no' } };
    const openQuestion = (typedBefore = '') => {
      const opened = open();
      if (typedBefore !== '') opened.input.type(typedBefore);
      const answer = opened.editor.choose(choice);
      const wait = () => {
        opened.timers.runOut();
        opened.timers.runOut();
      };
      return { ...opened, answer, wait };
    };

    it('is answered by the key, whose word stays on the screen', async () => {
      for (const key of ['y', 'Y']) {
        const { answer, input, wait, shown } = openQuestion();
        wait();
        input.type(key);
        expect(await answer).toEqual({ text: 'y' });
        expect(await shown()).toEqual(['The model wants to use shell', 'Run it? yes']);
      }
    });

    it('is held back while somebody types, whose words stay the draft', async () => {
      const { editor: opened, answer, input, wait, shown } = openQuestion('half ');
      input.type('y');
      expect(await shown()).toEqual(['half y', 'A question waits until you stop typing.']);
      wait();
      expect(await shown()).toEqual(['The model wants to use shell']);
      input.type('n');
      wait();
      expect((await shown()).at(-1)).toBe('Run it? ');
      input.type('y');
      expect(await answer).toEqual({ text: 'y' });
      void opened.read('> ');
      expect((await shown()).at(-1)).toBe('> half yn');
    });

    it('is gone, and leaves the draft alone, if Ctrl-C comes while it waits', async () => {
      const { editor: opened, input, timers, shown } = open();
      input.type('half');
      const answer = opened.choose(choice);
      expect((await shown()).at(-1)).toBe('A question waits until you stop typing.');
      input.type('\u0003');
      expect(await answer).toBe('interrupt');
      void opened.read('> ');
      for (let times = 0; times < 6; times += 1) timers.runOut();
      expect(await shown()).toEqual(['> half']);
    });

    it.each(['yes', 'y\r', '\u001b[200~y\u001b[201~', 'x'])(
      'is not answered by the text %j, nor by a key right after it',
      async (text) => {
        const { answer, input, wait, shown } = openQuestion();
        wait();
        input.type(text);
        input.type('y');
        expect(await shown()).toEqual(['The model wants to use shell']);
        wait();
        input.type('n');
        expect(await answer).toEqual({ text: 'n' });
      },
    );

    it.each(['\r', '\t', '\u001b[A'])('is not answered by the key %j', async (key) => {
      const { answer, input, wait, shown } = openQuestion();
      wait();
      input.type(key);
      expect((await shown()).at(-1)).toBe('Run it? ');
      input.type('n');
      expect(await answer).toEqual({ text: 'n' });
    });

    it.each([
      ['Ctrl-C', '\u0003'],
      ['Escape', '\u001b'],
    ])('is ended by %s', async (_name, key) => {
      const { answer, input, wait, timers } = openQuestion();
      wait();
      input.type(key);
      timers.runOut();
      expect(await answer).toBe('interrupt');
    });
  });

  it('ends a line that can be escaped by Escape, and no other', async () => {
    const { editor: opened, input, timers } = open();
    const reading = opened.read('> ');
    input.type('\u001b');
    timers.runOut();
    input.type('text\r');
    expect(await reading).toEqual({ text: 'text' });
    const asking = opened.read('why? ', { isQuestion: true, canEscape: true });
    input.type('half\u001b');
    timers.runOut();
    expect(await asking).toBe('interrupt');
  });

  it('says that the history cannot be written, and reads on', async () => {
    const broken = {
      entries: () => [],
      add() {
        throw new Error('full');
      },
    };
    const { editor: opened, input, warnings } = open({ history: broken });
    const reading = opened.read('> ');
    input.type('one\r');
    expect(await reading).toEqual({ text: 'one' });
    expect(warnings).toEqual([new Error('full')]);
  });

  it('begins with a given text, unless something was typed ahead', async () => {
    const { editor: opened, input } = open();
    const first = opened.read('> ', { text: 'draft' });
    input.type('!\r');
    expect(await first).toEqual({ text: 'draft!' });
    input.type('ahead');
    const second = opened.read('> ', { text: 'draft' });
    input.type('\r');
    expect(await second).toEqual({ text: 'ahead' });
  });

  it('closes the menu when Escape stands alone for a while', async () => {
    const candidates = [{ value: '/one' }, { value: '/other' }];
    const {
      editor: opened,
      input,
      timers,
      shown,
    } = open({
      complete: () => ({ start: 0, candidates }),
    });
    void opened.read('> ');
    input.type('\t');
    await Promise.resolve();
    await Promise.resolve();
    expect(await shown()).toEqual(['> /o', '  /one', '  /other']);
    input.type('\u001b');
    timers.runOut();
    expect(await shown()).toEqual(['> /o']);
  });

  it('drops the answer of a completion when something else was typed meanwhile', async () => {
    const answers: ((completion: Completion) => void)[] = [];
    const signals: AbortSignal[] = [];
    const {
      editor: opened,
      input,
      shown,
    } = open({
      complete({ signal }) {
        signals.push(signal);
        return new Promise((resolve) => answers.push(resolve));
      },
    });
    void opened.read('> ');
    input.type('a\t');
    input.type('b');
    expect(signals[0]?.aborted).toBe(true);
    answers[0]?.({ start: 0, candidates: [{ value: 'apple' }] });
    await new Promise(setImmediate);
    expect(await shown()).toEqual(['> ab']);
  });

  it('reads on when a completion fails', async () => {
    const {
      editor: opened,
      input,
      warnings,
    } = open({
      complete: () => Promise.reject(new Error('no files')),
    });
    const reading = opened.read('> ');
    input.type('a\t');
    await new Promise(setImmediate);
    expect(warnings).toEqual([new Error('no files')]);
    input.type('b\r');
    expect(await reading).toEqual({ text: 'ab' });
  });

  it('keeps the text when the other editor fails', async () => {
    const {
      editor: opened,
      input,
      warnings,
    } = open({
      editOutside: () => Promise.reject(new Error('no vi')),
    });
    const reading = opened.read('> ');
    input.type('text\u0007');
    await new Promise(setImmediate);
    expect(warnings).toEqual([new Error('no vi')]);
    expect(input.isRaw).toBe(true);
    input.type('!\r');
    expect(await reading).toEqual({ text: 'text!' });
  });

  it('lends the terminal to another program', async () => {
    const { editor: opened, input, output, shown } = open();
    void opened.read('> ');
    input.type('text');
    const result = await opened.handOver(async () => {
      expect(input.isRaw).toBe(false);
      expect(await shown()).toEqual([]);
      opened.setStatus('meanwhile');
      output.write('the other program\r\n');
      return 'done';
    });
    expect(result).toBe('done');
    expect(input.isRaw).toBe(true);
    expect(await shown()).toEqual(['the other program', '> text', 'meanwhile']);
  });

  it('gives the terminal back while it is stopped, and draws once when it goes on', async () => {
    const { editor: opened, input, host, timers, shown } = open();
    void opened.read('> ');
    input.type('text');
    input.type('\u001a');
    expect(host.stops).toBe(1);
    expect(input.isRaw).toBe(false);
    expect(await shown()).toEqual([]);
    host.emit('SIGCONT');
    timers.runOut();
    expect(input.isRaw).toBe(true);
    expect(await shown()).toEqual(['> text']);
  });

  it('walks through the history by what was typed before', async () => {
    const { editor: opened, input, shown } = open();
    void opened.read('> ');
    input.type('git\u001b[A');
    expect(await shown()).toEqual(['> git push']);
    input.type('\u001b[A');
    expect(await shown()).toEqual(['> git log']);
    input.type('\u001b[A\u001b[B\u001b[B');
    expect(await shown()).toEqual(['> git']);
  });

  it('walks through the lines of a text before it walks through the history', async () => {
    const { editor: opened, input, shown } = open();
    void opened.read('> ');
    input.type('one\ntwo\u001b[A!');
    expect(await shown()).toEqual(['> one!', '  two']);
  });

  it('says that nothing is found, and gives the text back', async () => {
    const { editor: opened, input, shown } = open();
    void opened.read('> ');
    input.type('text\u0012xyz');
    expect(await shown()).toEqual(['> text', 'not in history: xyz']);
    input.type('\u0003');
    expect(await shown()).toEqual(['> text']);
    input.type('\u0012mak\t!');
    expect(await shown()).toEqual(['> !make']);
  });

  it('narrows an open menu by what is typed, and closes it when nothing fits', async () => {
    const all = ['/model', '/more', '/new'].map((value) => ({ value }));
    const {
      editor: opened,
      input,
      shown,
    } = open({
      complete: ({ text }) => ({
        start: 0,
        candidates: all.filter(({ value }) => value.startsWith(text)),
      }),
    });
    void opened.read('> ');
    input.type('/\t');
    await new Promise(setImmediate);
    expect(await shown()).toEqual(['> /', '  /model', '  /more', '  /new']);
    input.type('m');
    await new Promise(setImmediate);
    expect(await shown()).toEqual(['> /m', '  /model', '  /more']);
    input.type('x');
    await new Promise(setImmediate);
    expect(await shown()).toEqual(['> /mx']);
  });

  it('hands Ctrl-C on only while nothing is read', async () => {
    const { editor: opened, input, counted } = open();
    input.type('\u0003');
    expect(counted.interrupts).toBe(1);
    const reading = opened.read('> ');
    input.type('\u0003');
    expect(await reading).toBe('interrupt');
    expect(counted.interrupts).toBe(1);
  });

  it('keeps a Ctrl-C that stopped nothing for the next read', async () => {
    const { editor: opened, input } = open({ onInterrupt: () => false });
    input.type('typed\u0003\u0003');
    expect(await opened.read('> ')).toBe('interrupt');
    const reading = opened.read('> ');
    input.type('next\r');
    expect(await reading).toEqual({ text: 'next' });
  });

  it('hands Escape on while nothing is read, after a menu or search is closed', async () => {
    const keys: string[] = [];
    const {
      editor: opened,
      input,
      timers,
    } = open({
      onInterrupt: (key) => keys.push(key) > 0,
    });
    const escape = () => {
      input.type('\u001b');
      timers.runOut();
    };
    input.type('\u0012');
    escape();
    expect(keys).toEqual([]);
    escape();
    expect(keys).toEqual(['escape']);
    void opened.read('> ');
    escape();
    expect(keys).toEqual(['escape']);
  });

  it('takes lines that were typed ahead back into the input, before the draft', async () => {
    const { editor: opened, input, shown } = open();
    input.type('one\rtwo\r\u0003draft');
    expect(opened.takeBack()).toEqual([]);
    const reading = opened.read('> ');
    expect(await shown()).toEqual(['> one', '  two', '  draft']);
    input.type('\r');
    expect(await reading).toEqual({ text: 'one\ntwo\ndraft' });
    opened.takeBack();
    void opened.read('> ');
    expect((await shown()).at(-1)).toBe('> ');
  });

  it('does not end by what was typed while it was busy', async () => {
    const { editor: opened, input } = open();
    input.type('\u0004');
    const reading = opened.read('> ');
    input.type('still here\r');
    expect(await reading).toEqual({ text: 'still here' });
  });
});
