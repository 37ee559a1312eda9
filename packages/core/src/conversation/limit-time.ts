import { LimitReachedError } from '../errors/run-errors.ts';
import { joinSignals } from '../join-signals.ts';
import type { Clock } from '../ports/clock.ts';

export interface TimeLimit {
  /** Aborted when `signal` is, or with a LimitReachedError when the time is over. */
  signal: AbortSignal;
  /** Call it when the run is over, whether it succeeded or failed. */
  release(): void;
}

/** A limit for a whole run: waits, tools, and the work after the answer. */
export function limitTime(signal: AbortSignal, limitMs: number, clock: Clock): TimeLimit {
  const controller = new AbortController();
  const over = new AbortController();
  clock.sleep(limitMs, over.signal).then(
    () => {
      const seconds = Math.round(limitMs / 1000);
      controller.abort(
        new LimitReachedError(`The run took longer than ${seconds} s.`, {
          hint: 'The text received so far is stored. ',
          action: { name: 'raise-timeout', text: 'Raise limits.timeout to allow more time.' },
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
