/** Time, so that tests need not wait for it. */
export interface Clock {
  /** The time of day, for stored and shown times. */
  now(): Date;
  /** Milliseconds since some fixed moment; never decreases, even if the time of day is set back. */
  monotonicMs(): number;
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
