/** How a waker finds changes that other processes made. */
export interface WakerPoll {
  everyMs: number;
  /** If it rejects, the waker wakes everyone: their own reading shows what is wrong. */
  hasChanged: () => Promise<boolean>;
}

/**
 * Wakes readers of a change feed. It polls only while a reader waits, once for all readers, and
 * `wake` is for changes by this process.
 */
export class Waker {
  readonly #poll: WakerPoll | null;
  readonly #readers = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(poll: WakerPoll | null) {
    this.#poll = poll;
  }

  wake(): void {
    for (const wakeUp of this.#readers) wakeUp();
  }

  /** Yields at once, so that a change before the first reading is not missed, and then at each wake. */
  async *listen(signal: AbortSignal): AsyncGenerator<void> {
    let isDue = true;
    let resume: () => void = () => undefined;
    const wakeUp = () => {
      isDue = true;
      resume();
    };
    this.#readers.add(wakeUp);
    signal.addEventListener('abort', wakeUp);
    this.#schedule();
    try {
      for (;;) {
        if (!isDue && !signal.aborted) {
          await new Promise<void>((resolve) => {
            resume = resolve;
          });
        }
        if (signal.aborted) return;
        isDue = false;
        yield;
      }
    } finally {
      signal.removeEventListener('abort', wakeUp);
      this.#readers.delete(wakeUp);
      if (this.#readers.size === 0) {
        clearTimeout(this.#timer);
        this.#timer = undefined;
      }
    }
  }

  #schedule(): void {
    const poll = this.#poll;
    if (!poll || this.#timer) return;
    const timer = setTimeout(() => {
      void poll
        .hasChanged()
        .catch(() => true)
        .then((hasChanged) => {
          if (hasChanged) this.wake();
          // The last reader may have left meanwhile, and another one come.
          if (this.#timer !== timer) return;
          this.#timer = undefined;
          this.#schedule();
        });
    }, poll.everyMs);
    this.#timer = timer;
  }
}
