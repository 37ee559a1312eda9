import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

// Only ends what hangs: a machine may be ever so busy.
const DEADLINE_MS = 60_000;

export interface PtyOptions {
  readonly file: string;
  readonly arguments?: readonly string[];
  readonly columns: number;
  readonly rows: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
}

/** A program on a real pseudo-terminal, and the screen that a person would see. */
export interface PtyScreen {
  readonly pid: number;
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  /** The rows that hold something, what has scrolled away included. */
  lines(): string[];
  /** The rows that a person sees at the moment. */
  visible(): string[];
  cursor(): { column: number; row: number };
  /** Settles as soon as the screen fulfils the condition; fails with the screen when it does not for very long. */
  until(condition: (lines: readonly string[]) => boolean): Promise<void>;
  /** All bytes that the program wrote so far. */
  raw(): string;
  /** Resolves once the screen shows all that the program wrote. */
  readonly exited: Promise<number>;
  kill(signal?: string): void;
}

/** A Node program. */
export function openPtyScreen(options: PtyOptions): PtyScreen {
  return openScreen(process.execPath, [options.file, ...(options.arguments ?? [])], options);
}

/** A shell; without arguments one with job control, in which programs are started by typing. */
export function openShellScreen(options: Omit<PtyOptions, 'file'>): PtyScreen {
  return openScreen('/bin/bash', options.arguments ?? ['--norc', '--noprofile', '-i'], options);
}

function openScreen(
  program: string,
  args: readonly string[],
  options: Omit<PtyOptions, 'file' | 'arguments'>,
): PtyScreen {
  const { columns, rows } = options;
  const terminal = new xterm.Terminal({
    cols: columns,
    rows,
    scrollback: 10_000,
    allowProposedApi: true,
  });
  const child = spawn(program, [...args], {
    cols: columns,
    rows,
    name: options.environment?.TERM ?? 'xterm-256color',
    cwd: options.workingDirectory ?? process.cwd(),
    env: { PATH: process.env.PATH ?? '', ...options.environment },
  });
  const written: string[] = [];
  const watchers = new Set<() => void>();
  const notify = () => {
    for (const watch of watchers) watch();
  };

  child.onData((data) => {
    written.push(data);
    terminal.write(data, notify);
  });
  // The answers of the terminal to the program's questions.
  terminal.onData((answer) => child.write(answer));
  const exited = new Promise<number>((resolve) => {
    // Not before the screen shows what was written last.
    child.onExit(({ exitCode }) => terminal.write('', () => resolve(exitCode)));
  });

  const lines = () => {
    const buffer = terminal.buffer.active;
    const all = Array.from({ length: buffer.length }, (_row, index) =>
      buffer.getLine(index)!.translateToString(true).trimEnd(),
    );
    while (all.at(-1) === '') all.pop();
    return all;
  };

  return {
    pid: child.pid,
    type: (keys) => child.write(keys),
    resize(nextColumns, nextRows) {
      terminal.resize(nextColumns, nextRows);
      child.resize(nextColumns, nextRows);
    },
    lines,
    visible: () => lines().slice(terminal.buffer.active.baseY),
    cursor() {
      const { cursorX, cursorY, baseY } = terminal.buffer.active;
      return { column: cursorX, row: baseY + cursorY };
    },
    until(condition) {
      return new Promise((resolve, reject) => {
        const watch = () => {
          if (!condition(lines())) return;
          end();
          resolve();
        };
        const deadline = setTimeout(() => {
          end();
          reject(new Error(`The screen never came to be as expected:\n${lines().join('\n')}`));
        }, DEADLINE_MS);
        const end = () => {
          clearTimeout(deadline);
          watchers.delete(watch);
        };
        watchers.add(watch);
        watch();
      });
    },
    raw: () => written.join(''),
    exited,
    kill: (signal) => child.kill(signal),
  };
}
