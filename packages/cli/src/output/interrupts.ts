import { InterruptedError } from '@synapse/core';

/** The signal that ended the run, for the exit code. */
export class SignalError extends InterruptedError {
  readonly exitCode: 130 | 143;

  constructor(exitCode: 130 | 143) {
    super('Interrupted.');
    this.exitCode = exitCode;
  }
}

/** Nobody reads the output any more, as behind `head`: what is under way ends without a word. */
export class ClosedOutputError extends InterruptedError {
  constructor() {
    super('The reader of the output has left.');
  }
}

export interface Interrupts {
  signal: AbortSignal;
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
  const listeners = { SIGINT: interrupt(130), SIGTERM: interrupt(143), SIGHUP: interrupt(143) };
  for (const [name, listener] of Object.entries(listeners)) process.on(name, listener);
  listening.add(controller);
  return {
    signal: controller.signal,
    stop() {
      for (const [name, listener] of Object.entries(listeners)) process.off(name, listener);
      listening.delete(controller);
    },
  };
}

/** A reader that has left is no fault: what listens keeps what it has, anything else just ends. */
export function endQuietlyWhenNobodyReads(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (listening.size === 0) process.exit(process.exitCode ?? 0);
      for (const controller of listening) controller.abort(new ClosedOutputError());
    });
  }
}
