import { SessionBusyError } from '@synapse/core';
import {
  RunEndedError,
  RunNotFoundError,
  type BegunRun,
  type NewRun,
  type PlacedRunEvent,
  type Run,
  type RunEvent,
  type RunEventPage,
  type RunOutcome,
  type RunStore,
} from '@synapse/core/server';
import { SessionConflictError, Waker, type LeaseHolder } from '@synapse/core/store-kit';
import { isInForce } from './memory-leases.ts';
import type { MemoryState, RunRecord } from './memory-state.ts';

export class MemoryRunStore implements RunStore {
  readonly #state: MemoryState;
  readonly #waker = new Waker(null);

  constructor(state: MemoryState) {
    this.#state = state;
  }

  async begin(given: NewRun): Promise<BegunRun> {
    this.#state.writable(given.sessionId, null);
    const known = this.#state.runs.get(given.id)?.run;
    if (known && known.sessionId !== given.sessionId) {
      throw new SessionConflictError(`A run of another session has the id ${given.id}.`);
    }
    if (known) return { run: structuredClone(known), isNew: false };
    const active = this.#activeIn(given.sessionId);
    if (active) {
      throw new SessionBusyError(`Session ${given.sessionId} has the active run ${active.id}.`);
    }
    const begun = { outcome: null, endedAt: null, isCancelRequested: false, position: 0 };
    const run = { ...structuredClone(given), ...begun };
    this.#state.runs.set(run.id, { run, events: [] });
    this.#note(run);
    return { run: structuredClone(run), isNew: true };
  }

  async append(runId: string, events: readonly RunEvent[]): Promise<number> {
    const record = this.#existing(runId);
    const { run } = record;
    if (run.outcome !== null) throw new RunEndedError(runId);
    for (const { type, data } of events) {
      run.position += 1;
      record.events.push(structuredClone({ position: run.position, type, data }));
    }
    this.#waker.wake();
    return run.position;
  }

  wake(_runId: string, signal: AbortSignal): AsyncIterable<void> {
    return this.#waker.listen(signal);
  }

  async read(runId: string, { after, limit }: RunEventPage): Promise<PlacedRunEvent[]> {
    const { events } = this.#existing(runId);
    return structuredClone(events.filter(({ position }) => position > after).slice(0, limit));
  }

  async end(runId: string, outcome: RunOutcome, at: Date): Promise<void> {
    const { run } = this.#existing(runId);
    if (run.outcome !== null) return;
    Object.assign(run, { outcome, endedAt: new Date(at) });
    this.#note(run);
    this.#waker.wake();
  }

  async get(runId: string): Promise<Run | undefined> {
    return structuredClone(this.#state.runs.get(runId)?.run);
  }

  async active(sessionId: string): Promise<Run | undefined> {
    return structuredClone(this.#activeIn(sessionId));
  }

  async list(sessionId: string, limit: number): Promise<Run[]> {
    return structuredClone(
      this.#runs()
        .filter((run) => run.sessionId === sessionId)
        .sort(byStart)
        .reverse()
        .slice(0, limit),
    );
  }

  async requestCancel(runId: string): Promise<void> {
    const { run } = this.#existing(runId);
    if (run.outcome !== null || run.isCancelRequested) return;
    run.isCancelRequested = true;
    this.#note(run);
  }

  async orphans(isDead: (holder: LeaseHolder) => boolean = () => false): Promise<Run[]> {
    return structuredClone(
      this.#runs()
        .filter((run) => run.outcome === null && this.#isOrphan(run, isDead))
        .sort(byStart),
    );
  }

  async prune(endedBefore: Date): Promise<number> {
    let count = 0;
    for (const record of this.#state.runs.values()) {
      if (record.run.endedAt === null || record.run.endedAt >= endedBefore) continue;
      count += record.events.length;
      record.events = [];
    }
    return count;
  }

  #activeIn(sessionId: string): Run | undefined {
    return this.#runs().find((run) => run.sessionId === sessionId && run.outcome === null);
  }

  #isOrphan({ sessionId, instanceId }: Run, isDead: (holder: LeaseHolder) => boolean): boolean {
    const { session, lease } = this.#state.existing(sessionId);
    if (session.deletedAt !== null || !lease || !isInForce(lease)) return true;
    return lease.holder.instanceId !== instanceId || isDead(lease.holder);
  }

  #runs(): Run[] {
    return [...this.#state.runs.values()].map(({ run }) => run);
  }

  #existing(runId: string): RunRecord {
    const record = this.#state.runs.get(runId);
    if (!record) throw new RunNotFoundError(runId);
    return record;
  }

  #note({ sessionId }: Run): void {
    this.#state.changes.note('run', this.#state.existing(sessionId).session);
  }
}

function byStart(a: Run, b: Run): number {
  return a.startedAt.getTime() - b.startedAt.getTime() || (a.id < b.id ? -1 : 1);
}
