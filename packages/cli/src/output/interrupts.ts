import { InterruptedError } from '@synapse/core';

/** The signal that ended the run, for the exit code. */
export class SignalError extends InterruptedError {
  readonly exitCode: 130 | 143;

  constructor(exitCode: 130 | 143) {
    super('Interrupted.');
    this.exitCode = exitCode;
  }
}

export interface Interrupts {
  signal: AbortSignal;
  stop(): void;
}

/** Turns the first Ctrl-C, SIGTERM or SIGHUP into an abort; a second one ends the process. */
export function listenForInterrupts(): Interrupts {
  const controller = new AbortController();
  const interrupt = (exitCode: 130 | 143) => () => {
    if (controller.signal.aborted) process.exit(exitCode);
    controller.abort(new SignalError(exitCode));
  };
  const listeners = { SIGINT: interrupt(130), SIGTERM: interrupt(143), SIGHUP: interrupt(143) };
  for (const [name, listener] of Object.entries(listeners)) process.on(name, listener);
  return {
    signal: controller.signal,
    stop() {
      for (const [name, listener] of Object.entries(listeners)) process.off(name, listener);
    },
  };
}
