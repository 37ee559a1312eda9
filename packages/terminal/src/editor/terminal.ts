import type { Buffer } from 'node:buffer';
import { disablePasteMarks, enablePasteMarks } from './screen-codes.ts';

/** As much of `process.stdin` as the editor uses. */
export interface TerminalInput {
  setRawMode(isRaw: boolean): unknown;
  resume(): unknown;
  pause(): unknown;
  on(event: 'data', listener: (bytes: Buffer) => void): unknown;
  on(event: 'end' | 'close' | 'error', listener: () => void): unknown;
  off(event: 'data', listener: (bytes: Buffer) => void): unknown;
  off(event: 'end' | 'close' | 'error', listener: () => void): unknown;
}

/** As much of `process.stdout` as the editor uses. */
export interface TerminalOutput {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** As much of `process` as the editor uses. */
export interface TerminalProcess {
  on(event: 'exit' | 'SIGCONT', listener: () => void): unknown;
  off(event: 'exit' | 'SIGCONT', listener: () => void): unknown;
  /** Stops until the shell continues it, if a shell can. */
  stop(): void;
}

export interface TerminalMode {
  enter(): void;
  leave(): void;
}

/** Keys one by one, and pastes marked as such, as long as the editor has the terminal. */
export function createTerminalMode(input: TerminalInput, output: TerminalOutput): TerminalMode {
  let isEntered = false;
  return {
    enter() {
      // During a stop the shell has changed the mode: it has to be set again.
      if (isEntered) input.setRawMode(false);
      input.setRawMode(true);
      input.resume();
      output.write(enablePasteMarks);
      isEntered = true;
    },
    leave() {
      if (!isEntered) return;
      isEntered = false;
      output.write(disablePasteMarks);
      input.setRawMode(false);
      input.pause();
    },
  };
}

/** The current process; Ctrl-Z stops its whole group, as in other programs. */
export function thisTerminalProcess(): TerminalProcess {
  return {
    on: (event, listener) => process.on(event, listener),
    off: (event, listener) => process.off(event, listener),
    stop: () => process.kill(0, 'SIGTSTP'),
  };
}

interface Terminal {
  readonly input: TerminalInput;
  readonly output: TerminalOutput;
  readonly host: TerminalProcess;
}

interface TerminalListeners {
  readonly onResize: () => void;
  readonly onContinue: () => void;
  /** The terminal is gone, or the process is about to end. */
  readonly onEnd: () => void;
}

/** Returns the function that stops listening. */
export function listen(
  { input, output, host }: Terminal,
  { onResize, onContinue, onEnd }: TerminalListeners,
): () => void {
  const ends = ['end', 'close', 'error'] as const;
  output.on('resize', onResize);
  host.on('SIGCONT', onContinue);
  host.on('exit', onEnd);
  for (const event of ends) input.on(event, onEnd);
  return () => {
    output.off('resize', onResize);
    host.off('SIGCONT', onContinue);
    host.off('exit', onEnd);
    for (const event of ends) input.off(event, onEnd);
  };
}
