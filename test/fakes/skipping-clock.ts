import type { Clock } from '@synapse/core';

/** Time that passes at once when somebody sleeps, where the waits are what is looked at. */
export class SkippingClock implements Clock {
  readonly sleeps: number[] = [];
  /** What happens while somebody sleeps. */
  onSleep: () => void | Promise<void> = () => undefined;
  #elapsedMs = 0;

  now(): Date {
    return new Date(Date.UTC(2026, 0, 1) + this.#elapsedMs);
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.sleeps.push(ms);
    await this.onSleep();
    signal.throwIfAborted();
    this.#elapsedMs += ms;
  }
}
