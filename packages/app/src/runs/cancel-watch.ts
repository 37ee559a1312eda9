import type { Store } from '@synapse/core';
import type { App } from '../wiring.ts';
import type { ActiveRun } from './active-run.ts';

const MOST_CHANGES = 500;
const RETRY_MS = 1000;

/** Stops the runs of this process that another process was asked to cancel. */
export class CancelWatch {
  readonly #app: Pick<App, 'clock' | 'logger'>;
  readonly #store: Pick<Store, 'changes' | 'runs'>;
  readonly #active: ReadonlyMap<string, ActiveRun>;
  #watching: AbortController | null = null;

  constructor(
    app: Pick<App, 'clock' | 'logger'>,
    store: Pick<Store, 'changes' | 'runs'>,
    active: ReadonlyMap<string, ActiveRun>,
  ) {
    this.#app = app;
    this.#store = store;
    this.#active = active;
  }

  start(): void {
    if (this.#watching) return;
    this.#watching = new AbortController();
    void this.#watch(this.#watching.signal);
  }

  stop(): void {
    this.#watching?.abort();
    this.#watching = null;
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#app;
    while (!signal.aborted) {
      try {
        await this.#follow(signal);
      } catch (error) {
        logger.warn({ error }, 'the changes of runs could not be read');
        await clock.sleep(RETRY_MS, signal).catch(() => undefined);
      }
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { changes } = this.#store;
    let position = await changes.position();
    await this.#check([...this.#active.values()]);
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- a wake has no value
    for await (const _ of changes.wake(signal)) {
      const found = await changes.since(position, MOST_CHANGES);
      if (!found) return;
      const sessions = new Set(
        found.filter(({ kind }) => kind === 'run').map(({ sessionId }) => sessionId),
      );
      position = found.at(-1)?.position ?? position;
      await this.#check([...this.#active.values()].filter((run) => sessions.has(run.sessionId)));
    }
  }

  async #check(runs: readonly ActiveRun[]): Promise<void> {
    for (const run of runs) {
      if ((await this.#store.runs.get(run.id))?.isCancelRequested) run.stop('cancelled');
    }
  }
}
