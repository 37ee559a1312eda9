import { describe, expect, it, jest } from '@jest/globals';
import { createVirtualScreen } from '@synapse/test/support/virtual-screen';
import { createProgress } from './progress.ts';
import { createSpinner } from './spinner.ts';
import { createStatusLine } from './status-line.ts';

function fakeTerminal(isTTY: boolean, columns = 30) {
  const screen = createVirtualScreen(columns, 4);
  const written: string[] = [];
  const write = (text: string) => {
    written.push(text);
    screen.write(text);
  };
  return { isTTY, columns, write, written, screen };
}

describe('createStatusLine', () => {
  it('shows one text after the other on the same line, and takes it away', async () => {
    const terminal = fakeTerminal(true);
    const line = createStatusLine(terminal);
    line.show('a long first text');
    line.show('second');
    expect(await terminal.screen.lines()).toEqual(['second']);
    line.clear();
    line.clear();
    expect(await terminal.screen.lines()).toEqual([]);
    expect(terminal.written.join('')).toMatch(/\?25l.*\?25h$/s);
    expect(terminal.written).toHaveLength(3);
  });

  it('stays on one line in a narrow terminal', async () => {
    const terminal = fakeTerminal(true, 10);
    createStatusLine(terminal).show('a text that is too long');
    expect(await terminal.screen.lines()).toEqual(['a text t…']);
  });

  it.each([
    [false, false],
    [true, true],
  ])('writes nothing where a line cannot go away (terminal %p, plain %p)', (isTTY, isPlain) => {
    const terminal = fakeTerminal(isTTY);
    const line = createStatusLine(terminal, isPlain);
    line.show('text');
    line.clear();
    expect(terminal.written).toEqual([]);
  });
});

describe('createSpinner', () => {
  it('turns until it is stopped', async () => {
    jest.useFakeTimers();
    try {
      const terminal = fakeTerminal(true);
      const spinner = createSpinner({ terminal });
      spinner.start('thinking\x1b[2J');
      jest.advanceTimersByTime(500);
      expect(terminal.written).toHaveLength(3);
      spinner.stop();
      spinner.stop();
      jest.advanceTimersByTime(1000);
      expect(terminal.written).toHaveLength(4);
      expect(jest.getTimerCount()).toBe(0);
      expect(terminal.written[2]).toContain('thinking');
    } finally {
      jest.useRealTimers();
    }
  });

  it('counts the seconds of each work, and shows the details that have room', () => {
    jest.useFakeTimers();
    try {
      const terminal = fakeTerminal(true, 30);
      const spinner = createSpinner({ terminal, details: () => ['ctx 9%', 'Esc stops'] });
      const last = () => /[⠀-⣿] (.*)$/.exec(terminal.written.at(-1) ?? '')?.[1];
      spinner.start('waiting');
      jest.advanceTimersByTime(2000);
      expect(last()).toBe('waiting · 2 s · ctx 9%');
      spinner.start('waiting');
      expect(last()).toBe('waiting · 2 s · ctx 9%');
      spinner.start('shell npm run build and more');
      expect(last()).toBe('shell npm run bui… · ctx 9%');
      spinner.stop();
    } finally {
      jest.useRealTimers();
    }
  });

  it('keeps no timer where nothing is shown', () => {
    jest.useFakeTimers();
    try {
      const terminal = fakeTerminal(false);
      createSpinner({ terminal }).start('thinking');
      expect(jest.getTimerCount()).toBe(0);
      expect(terminal.written).toEqual([]);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('createProgress', () => {
  it('shows a bar, or the count if the total is unknown', async () => {
    const terminal = fakeTerminal(true, 80);
    const progress = createProgress({
      label: 'Importing',
      format: (count) => `${count} rows`,
      terminal,
    });
    progress.update(500, 1000);
    expect(await terminal.screen.lines()).toEqual([
      `Importing ▕${'█'.repeat(12)}${' '.repeat(12)}▏ 50 % (500 rows of 1000 rows)`,
    ]);
    progress.update(1500);
    expect(await terminal.screen.lines()).toEqual(['Importing 1500 rows']);
    progress.stop();
    expect(await terminal.screen.lines()).toEqual([]);
  });
});
