import { LimitReachedError } from '../errors/run-errors.ts';
import { joinSignals } from '../join-signals.ts';
import type { Clock } from '../ports/clock.ts';

export interface TimeLimit {
  /** Aborted when `signal` is, or with a LimitReachedError when the time is over. */
  signal: AbortSignal;
  /** To be called when the turn is over, however it ended. */
  release(): void;
}

/** A ceiling for a whole turn, waits and tools included. */
export function limitTime(signal: AbortSignal, limitMs: number, clock: Clock): TimeLimit {
  const controller = new AbortController();
  const over = new AbortController();
  clock.sleep(limitMs, over.signal).then(
    () => {
      const seconds = Math.round(limitMs / 1000);
      controller.abort(
        new LimitReachedError(`The turn took longer than ${seconds} s.`, {
          hint: 'What was said so far is kept. limits.timeout is the setting.',
        }),
      );
    },
    () => undefined,
  );
  const joined = joinSignals([signal, controller.signal]);
  return {
    signal: joined.signal,
    release: () => {
      over.abort();
      joined.release();
    },
  };
}
