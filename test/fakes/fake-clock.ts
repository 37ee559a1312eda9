import type { Clock } from '@synapse/core';

/** Time that passes only when told to; sleepers wake in order. */
export class FakeClock implements Clock {
  #nowMs: number;
  #elapsedMs = 0;
  #sleepers: { wakeMs: number; wake: () => void }[] = [];

  constructor(start = new Date('2026-01-01T00:00:00Z')) {
    this.#nowMs = start.getTime();
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const giveUp = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason as Error);
      };
      const wake = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const sleeper = { wakeMs: this.#elapsedMs + ms, wake };
      this.#sleepers.push(sleeper);
      signal.addEventListener('abort', giveUp);
    });
  }

  /** Moves both clocks on and lets the woken run. */
  async advance(ms: number): Promise<void> {
    this.#nowMs += ms;
    this.#elapsedMs += ms;
    const woken = this.#sleepers.filter(({ wakeMs }) => wakeMs <= this.#elapsedMs);
    this.#sleepers = this.#sleepers.filter((sleeper) => !woken.includes(sleeper));
    for (const { wake } of woken) wake();
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** The time of day jumps; nothing that was measured does. */
  jump(ms: number): void {
    this.#nowMs += ms;
  }

  get sleeperCount(): number {
    return this.#sleepers.length;
  }
}
