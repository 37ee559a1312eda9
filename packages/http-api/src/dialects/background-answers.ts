import { InterruptedError, type Store } from '@synapse/core';
import type { RunOutcome } from '@synapse/core/server';
import { endOfRun, toRunEvent } from '@synapse/app/runs/run-events';
import { RunLog } from '@synapse/app/runs/run-log';
import type { App } from '@synapse/app/wiring';
import type { SharedAnswer } from './shared-answer.ts';

/** How often the store is asked whether another server was told to cancel. */
const CANCEL_CHECK_MS = 1000;

interface BackgroundAnswer {
  shared: SharedAnswer;
  done: Promise<void>;
}

/**
 * Answers that go on although their client has left. Each is a run under the id of its answer, so
 * that every server shows it and can cancel it, and so that others end it if this process dies.
 */
export class BackgroundAnswers {
  readonly #app: Pick<App, 'clock' | 'logger' | 'secrets'>;
  readonly #active = new Map<string, BackgroundAnswer>();
  readonly #ended = new AbortController();
  #isStopping = false;

  constructor(app: Pick<App, 'clock' | 'logger' | 'secrets'>) {
    this.#app = app;
  }

  /** Makes an answer go on without readers; rejects, and ends the answer, if it can't be a run. */
  async begin(shared: SharedAnswer, { runs, aliases }: Store): Promise<void> {
    const { answerId, sessionId, instanceId, createdAt } = shared.relayed;
    if (sessionId === null || instanceId === null) return;
    try {
      if (this.#isStopping) {
        throw new InterruptedError('The server is stopping, and begins nothing new.', {
          hint: 'Ask again when it has started.',
        });
      }
      await aliases.set('response', answerId, sessionId);
      const run = { id: answerId, sessionId, instanceId, requestHash: answerId };
      await runs.begin({ ...run, startedAt: createdAt });
    } catch (error) {
      shared.stop('failed');
      throw error;
    }
    const done = this.#record(shared, runs).finally(() => this.#active.delete(answerId));
    this.#active.set(answerId, { shared, done });
    void this.#watch(answerId, shared, runs);
  }

  /** Ends an answer of this process; does nothing for any other. */
  cancel(answerId: string): void {
    this.#active.get(answerId)?.shared.stop('cancelled');
  }

  /** Gives the answers this time to end, and then interrupts them. */
  async stop(patienceMs: number): Promise<void> {
    this.#isStopping = true;
    const answers = [...this.#active.values()];
    const ends = Promise.all(answers.map(({ done }) => done));
    const waiting = new AbortController();
    const patience = this.#app.clock.sleep(patienceMs, waiting.signal).catch(() => undefined);
    await Promise.race([ends, patience]);
    waiting.abort();
    for (const { shared } of answers) shared.stop('interrupted');
    await ends;
    this.#ended.abort();
  }

  async #record(shared: SharedAnswer, runs: Store['runs']): Promise<void> {
    const { clock, logger, secrets } = this.#app;
    const runId = shared.relayed.answerId;
    const onLost = () => shared.stop('interrupted');
    const log = new RunLog({ runs, runId, clock, logger, onLost });
    try {
      for await (const event of shared.read(new AbortController().signal)) {
        const shown = toRunEvent(event, secrets());
        if (shown) log.add(shown);
      }
      await log.end(endOfRun('complete'), 'complete');
    } catch (error) {
      const outcome: RunOutcome = shared.stoppedAs ?? 'failed';
      logger.warn({ error, runId, outcome }, 'an answer in the background ended early');
      await log.end(endOfRun(outcome, error, secrets()), outcome);
    }
  }

  async #watch(answerId: string, shared: SharedAnswer, runs: Store['runs']): Promise<void> {
    const { clock, logger } = this.#app;
    while (this.#active.has(answerId)) {
      await clock.sleep(CANCEL_CHECK_MS, this.#ended.signal).catch(() => undefined);
      try {
        if ((await runs.get(answerId))?.isCancelRequested) shared.stop('cancelled');
      } catch (error) {
        logger.warn({ error, answerId }, 'a cancellation could not be looked for');
      }
    }
  }
}
