import { InterruptedError, type Part, type Store } from '@synapse/core';
import type { TurnEvent } from '@synapse/core/conversation';
import type { BegunRun, RunEvent, RunOutcome } from '@synapse/core/server';
import type { Conversation } from '../conversation/conversation.ts';
import { compactIfFull, limitRun } from '../conversation/run-one-shot.ts';
import type { App } from '../wiring.ts';
import { endOfRun, toRunEvent } from './run-events.ts';
import { RunLog } from './run-log.ts';

export type ActiveRunApp = Pick<App, 'settings' | 'clock' | 'logger' | 'secrets'>;

/** What a client asks for; the id of the question is that of the run. */
export interface RunQuestion {
  id: string;
  sessionId: string;
  parts: Part[];
}

/** How a run ended, for figures. */
export interface RunEnd {
  outcome: RunOutcome;
  /** Of the whole turn; null if it was not answered to its end. */
  spent: Extract<TurnEvent, { type: 'turn-result' }>['spent'] | null;
}

export interface ActiveRunOptions {
  app: ActiveRunApp;
  store: Pick<Store, 'runs'>;
  onEnd?: ((end: RunEnd) => void) | undefined;
  onStoreError?: ((error: unknown) => void) | undefined;
}

/** A run of this process, from its question to its end; it needs no reader. */
export class ActiveRun {
  readonly id: string;
  readonly sessionId: string;
  readonly log: RunLog;
  readonly #app: ActiveRunApp;
  readonly #store: Pick<Store, 'runs'>;
  readonly #stop = new AbortController();
  readonly #onEnd: ActiveRunOptions['onEnd'];
  #stopOutcome: RunOutcome = 'failed';
  #done: Promise<void> = Promise.resolve();

  constructor(
    { app, store, onEnd, onStoreError }: ActiveRunOptions,
    { id, sessionId }: Pick<RunQuestion, 'id' | 'sessionId'>,
  ) {
    this.#app = app;
    this.#store = store;
    this.#onEnd = onEnd;
    this.id = id;
    this.sessionId = sessionId;
    const { clock, logger } = app;
    const onLost = () => this.stop('interrupted');
    this.log = new RunLog({ runs: store.runs, runId: id, clock, logger, onLost, onStoreError });
  }

  /** Resolves when the run has ended and its conversation is closed. */
  get done(): Promise<void> {
    return this.#done;
  }

  add(event: RunEvent): void {
    this.log.add(event);
  }

  /** Ends the run soon, with what it has answered so far. */
  stop(outcome: 'cancelled' | 'interrupted'): void {
    if (this.#stop.signal.aborted) return;
    this.#stopOutcome = outcome;
    const why =
      outcome === 'cancelled' ? 'The run was cancelled.' : 'The server was stopped meanwhile.';
    this.#stop.abort(new InterruptedError(why));
  }

  /**
   * Stores the question and the run, in this order, so that a run always has its question; then the
   * answer is made in the background, and `close` called at its end. Rejects if nothing began.
   */
  async begin(
    conversation: Conversation,
    { parts }: RunQuestion,
    requestHash: string,
    close: () => Promise<void>,
  ): Promise<BegunRun> {
    const { clock, logger } = this.#app;
    const time = limitRun(this.#app, this.#stop.signal);
    const first: TurnEvent[] = [];
    const events = conversation.ask(parts, { signal: time.signal, questionId: this.id });
    try {
      for (;;) {
        const next = await events.next();
        if (next.done) throw new Error('A turn ended before its question was stored.');
        first.push(next.value);
        if (next.value.type === 'message-stored') break;
      }
      const { lease } = await conversation.use();
      const begun = await this.#store.runs.begin({
        ...{ id: this.id, sessionId: this.sessionId, requestHash },
        ...{ instanceId: lease.holder.instanceId, startedAt: clock.now() },
      });
      for (const event of first) this.#show(event);
      this.#done = this.#answer(conversation, events)
        .finally(async () => {
          time.release();
          await close();
        })
        .catch((error: unknown) =>
          logger.error({ error, runId: this.id }, 'a run could not be closed'),
        );
      return begun;
    } catch (error) {
      time.release();
      await events.return(undefined);
      throw error;
    }
  }

  async #answer(conversation: Conversation, events: AsyncGenerator<TurnEvent>): Promise<void> {
    const { logger, secrets } = this.#app;
    const runId = this.id;
    let last: Extract<TurnEvent, { type: 'turn-result' }> | undefined;
    let end = endOfRun('complete');
    let outcome: RunOutcome = 'complete';
    try {
      for await (const event of events) {
        this.#show(event);
        if (event.type === 'turn-result') last = event;
      }
    } catch (error) {
      outcome = this.#stop.signal.aborted ? this.#stopOutcome : 'failed';
      logger.warn({ error, runId, outcome }, 'a run ended early');
      end = endOfRun(outcome, error, secrets());
    }
    await this.log.end(end, outcome);
    this.#onEnd?.({ outcome, spent: last?.spent ?? null });
    if (!last) return;
    const beside = { notify: () => undefined, signal: this.#stop.signal };
    await compactIfFull(this.#app, conversation, last, beside);
  }

  #show(event: TurnEvent): void {
    const shown = toRunEvent(event, this.#app.secrets());
    if (shown) this.log.add(shown);
  }
}
