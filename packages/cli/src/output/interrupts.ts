import { InterruptedError } from '@synapse/core';
import { expectHangUp } from './hang-up.ts';

/** The signal that ended the run, for the exit code. */
export class SignalError extends InterruptedError {
  readonly exitCode: 130 | 143;

  constructor(exitCode: 130 | 143) {
    super('Interrupted.');
    this.exitCode = exitCode;
  }
}

/** The reader of the output is gone, as with `head`: the run ends silently. */
export class ClosedOutputError extends InterruptedError {
  constructor() {
    super('Output was closed before the answer finished.');
  }
}

/** The output can't be written, as on a full disk: the current work ends, and its result so far is kept. */
export class UnwritableOutputError extends InterruptedError {
  readonly exitCode = 74;

  constructor(cause: NodeJS.ErrnoException) {
    super(`The output can't be written (${cause.code ?? cause.message}).`, {
      hint: 'Free some space, or write it elsewhere.',
      cause,
    });
  }
}

export interface Interrupts {
  signal: AbortSignal;
  /** Resolves with the first signal. */
  interrupted: Promise<void>;
  stop(): void;
}

const listening = new Set<AbortController>();

/**
 * Turns the first Ctrl-C, SIGTERM or SIGHUP, or a reader that leaves, into an abort; a second signal
 * ends the process.
 */
export function listenForInterrupts(): Interrupts {
  const controller = new AbortController();
  const interrupt = (exitCode: 130 | 143) => () => {
    if (controller.signal.aborted) process.exit(exitCode);
    controller.abort(new SignalError(exitCode));
  };
  const hangUp = interrupt(143);
  const listeners = {
    SIGINT: interrupt(130),
    SIGTERM: interrupt(143),
    SIGHUP() {
      expectHangUp();
      hangUp();
    },
  };
  for (const [name, listener] of Object.entries(listeners)) process.on(name, listener);
  listening.add(controller);
  const { signal } = controller;
  return {
    signal,
    interrupted: new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    stop() {
      for (const [name, listener] of Object.entries(listeners)) process.off(name, listener);
      listening.delete(controller);
    },
  };
}

/** A signal that ends a question early; undefined if signals end the process anyway. */
export function currentInterrupt(): AbortSignal | undefined {
  return [...listening].at(-1)?.signal;
}

/**
 * Aborts the run when its output cannot be written, so that the answer is kept. A notice that
 * cannot be written to stderr loses no answer.
 */
export function watchOutput(report: (error: UnwritableOutputError) => void): void {
  // oclif's own listener would end the process with a stack.
  process.stdout.removeAllListeners('error');
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
    const error = toOutputError(cause);
    // Every failed write reports it.
    if ('exitCode' in error && process.exitCode !== error.exitCode) {
      process.exitCode = error.exitCode;
      if (error instanceof UnwritableOutputError) report(error);
    }
    if (listening.size === 0) process.exit();
    for (const controller of listening) controller.abort(error);
  });
  process.stderr.on('error', () => undefined);
}

function toOutputError(cause: NodeJS.ErrnoException) {
  if (cause.code === 'EPIPE') return new ClosedOutputError();
  if (cause.code !== 'EIO' || !process.stdout.isTTY) return new UnwritableOutputError(cause);
  // SIGHUP may arrive later than the error of a write to the closed terminal.
  expectHangUp();
  return new SignalError(143);
}
