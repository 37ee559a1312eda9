import {
  InterruptedError,
  newId,
  newMessage,
  SessionHeldError,
  SynapseError,
  type Lease,
  type Store,
} from '@synapse/core';
import { holderState } from '@synapse/core/conversation';
import { RunEndedError, RunNotFoundError, type Run } from '@synapse/core/server';
import { holdLeaseOf } from '../conversation/hold-lease-of.ts';
import type { App } from '../wiring.ts';
import { readActiveRun } from './read-active-run.ts';
import { endOfRun } from './run-events.ts';

const AGAIN_MS = 15_000;
const CHANGES_KEPT_MS = 86_400_000;

type RecoveryApp = Pick<App, 'clock' | 'logger' | 'settings'>;

/** Ends the runs of servers that have died, and removes what nobody needs to follow any more. */
export class RunRecovery {
  readonly #app: RecoveryApp;
  readonly #store: Pick<Store, 'runs' | 'approvals' | 'changes' | 'sessions'>;
  readonly #own: ReadonlyMap<string, unknown>;

  /** `own` has the runs of this process, by their ids. */
  constructor(
    app: RecoveryApp,
    store: Pick<Store, 'runs' | 'approvals' | 'changes' | 'sessions'>,
    own: ReadonlyMap<string, unknown>,
  ) {
    this.#app = app;
    this.#store = store;
    this.#own = own;
  }

  async recover(): Promise<void> {
    const { runs, approvals, changes } = this.#store;
    for (const run of await runs.orphans((holder) => holderState(holder) === 'dead')) {
      if (!this.#own.has(run.id)) await this.#endLost(run);
    }
    const { clock, settings } = this.#app;
    const now = clock.now();
    await approvals.expire(now);
    await this.#withdrawForgotten(now);
    const keptMs = settings.serve.keep_run_events * 1000;
    await runs.prune(new Date(now.getTime() - keptMs));
    await changes.prune(new Date(now.getTime() - CHANGES_KEPT_MS));
  }

  /** Other servers of the store may die at any time. */
  async keepRecovering(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#app;
    const isOver = () =>
      clock.sleep(AGAIN_MS, signal).then(
        () => false,
        () => true,
      );
    while (!(await isOver())) {
      await this.recover().catch((error: unknown) =>
        logger.warn({ error }, 'runs of other servers could not be checked'),
      );
    }
  }

  /** Call it only if no process can go on with the run; with the lease, its answer is kept. */
  async endOrphan(run: Run, lease: Lease | null = null): Promise<void> {
    const { id, sessionId } = run;
    const { runs, approvals } = this.#store;
    const now = this.#app.clock.now();
    try {
      if (lease) await this.#keepAnswer(run, lease);
      for (const { id: approval, runId } of await approvals.pending({ sessionId })) {
        if (runId === id) await approvals.withdraw(approval, now);
      }
      const died = new InterruptedError('The server ended before the answer did.');
      await runs.append(id, [endOfRun('interrupted', died)]);
      await runs.end(id, 'interrupted', now);
    } catch (error) {
      // Another server was faster, or the session was purged.
      if (!(error instanceof RunEndedError) && !(error instanceof RunNotFoundError)) throw error;
    }
  }

  /** Questions of runs that ended without closing them, because their server died in between. */
  async #withdrawForgotten(now: Date): Promise<void> {
    const { runs, approvals } = this.#store;
    for (const { id, runId } of await approvals.pending()) {
      const run = runId === null ? undefined : await runs.get(runId);
      if (run && run.outcome !== null) await approvals.withdraw(id, now);
    }
  }

  /** Taking the session marks its unfinished answer as interrupted. */
  async #endLost(run: Run): Promise<void> {
    try {
      const held = await holdLeaseOf(this.#app, this.#store, run.sessionId);
      try {
        await this.endOrphan(run, held.lease);
      } finally {
        await held.release();
      }
    } catch (error) {
      if (!isOutOfReach(error)) throw error;
      // Whoever has the session has marked the answer; it is marked when it leaves the trash, too.
      await this.endOrphan(run);
    }
  }

  /** The server may have died before it stored anything of the answer in the session. */
  async #keepAnswer({ id, sessionId }: Run, lease: Lease): Promise<void> {
    const { sessions } = this.#store;
    const view = await readActiveRun(this.#store, sessionId);
    const [last] = await sessions.messages(sessionId, { limit: 1, turns: 'all' });
    if (!view || view.parts.length === 0 || last?.id !== id) return;
    const answer = newMessage({
      ...{ id: newId(), role: 'assistant', status: 'interrupted' },
      ...{ parts: [...view.parts], createdAt: this.#app.clock.now() },
    });
    await sessions.append(sessionId, [answer], lease);
  }
}

function isOutOfReach(error: unknown): boolean {
  if (error instanceof SessionHeldError) return true;
  return error instanceof SynapseError && error.code === 'SYNAPSE_SESSION_NOT_FOUND';
}
