import { Waker } from '@synapse/core/store-kit';
import type { RunNotices } from './run-notices.ts';

/** While notices arrive, looking for events is only a safety net. */
const LOOKS_PER_SAFETY_NET = 10;

/** Wakes the readers of each run: at events of this process, at notices, and by looking. */
export class RunWakers {
  readonly #wakers = new Map<string, { waker: Waker; readers: number }>();
  readonly #pollMs: number;
  readonly #notices: RunNotices | null;

  constructor(pollMs: number, notices: RunNotices | null) {
    this.#pollMs = pollMs;
    this.#notices = notices;
    notices?.listen((runId) => this.#wakers.get(runId)?.waker.wake());
  }

  /** This process has stored events of the run. */
  wake(runId: string): void {
    this.#wakers.get(runId)?.waker.wake();
    this.#notices?.send(runId);
  }

  async *listen(runId: string, signal: AbortSignal): AsyncGenerator<void> {
    const known = this.#wakers.get(runId) ?? { waker: this.#newWaker(), readers: 0 };
    this.#wakers.set(runId, known);
    known.readers += 1;
    try {
      yield* known.waker.listen(signal);
    } finally {
      known.readers -= 1;
      if (known.readers === 0) this.#wakers.delete(runId);
    }
  }

  #newWaker(): Waker {
    let looks = 0;
    const hasChanged = async () => {
      looks += 1;
      return !this.#notices?.isProven || looks % LOOKS_PER_SAFETY_NET === 0;
    };
    return new Waker({ everyMs: this.#pollMs, hasChanged });
  }
}
