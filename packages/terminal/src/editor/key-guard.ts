import type { StartTimer } from './key-pump.ts';

/** A person needs longer to read a question and to answer it. */
export const readingMs = 400;

/** Whoever has typed this short a time ago may still be typing. */
export const typingMs = 700;

/** Holds a question back from keys that were typed before a person can have read it. */
export interface KeyGuard {
  readonly isOn: boolean;
  /** Calls `open` after a moment without a key; by default one in which a question can be read. */
  begin(open: () => void, ms?: number): void;
  /** A key was typed, so the waiting time starts again. */
  keyTyped(): void;
  cancel(): void;
}

export function createKeyGuard(start: StartTimer): KeyGuard {
  let waiting: (() => void) | undefined;
  let stopTimer: () => void = () => undefined;
  let quietMs = readingMs;

  const restart = () => {
    stopTimer();
    // By the second timer, keys have arrived that were typed while the process was busy.
    stopTimer = start(() => {
      stopTimer = start(end, 0);
    }, quietMs);
  };
  const end = () => {
    const open = waiting;
    waiting = undefined;
    open?.();
  };

  return {
    get isOn() {
      return waiting !== undefined;
    },
    begin(open, ms = readingMs) {
      waiting = open;
      quietMs = ms;
      restart();
    },
    keyTyped() {
      if (waiting !== undefined) restart();
    },
    cancel() {
      stopTimer();
      waiting = undefined;
    },
  };
}
