import { SessionBusyError, type JsonValue } from '@synapse/core';
import {
  RunEndedError,
  type BegunRun,
  type NewRun,
  type PlacedRunEvent,
  type Run,
  type RunEvent,
  type RunEventPage,
  type RunOutcome,
  type RunStore,
} from '@synapse/core/server';
import { SessionConflictError, type LeaseHolder } from '@synapse/core/store-kit';
import type { Database } from './database.ts';
import { inChunks } from './in-chunks.ts';
import { fromRow, livingRuns, readOrphans, readRun, requireRun } from './read-runs.ts';
import type { RunRow } from './rows.ts';
import type { RunNotices } from './run-notices.ts';
import { RunWakers } from './run-wakers.ts';
import { lockForMessages } from './stored-sessions.ts';
import { fromStoredText, toStoredText } from './stored-text.ts';
import type { Tables } from './tables.ts';

const ROWS_PER_INSERT = 100;
const RUNS_PER_PRUNE = 100;
/** How often to look for events of other processes. */
const RUN_POLL_MS = 500;

export class KnexRunStore implements RunStore {
  readonly #database: Database;
  readonly #wakers: RunWakers;

  constructor(database: Database, notices: RunNotices | null) {
    this.#database = database;
    this.#wakers = new RunWakers(RUN_POLL_MS, notices);
  }

  begin(run: NewRun): Promise<BegunRun> {
    return this.#database.write((tables) => beginRun(tables, run), {
      isRepeatable: true,
      onDuplicate: () => idTaken(run.id),
    });
  }

  async append(runId: string, events: readonly RunEvent[]): Promise<number> {
    // Not repeated, because a second attempt would add the events of the first one again.
    const position = await this.#database.write((tables) => appendEvents(tables, runId, events), {
      isRepeatable: false,
    });
    this.#wakers.wake(runId);
    return position;
  }

  wake(runId: string, signal: AbortSignal): AsyncIterable<void> {
    return this.#wakers.listen(runId, signal);
  }

  read(runId: string, { after, limit }: RunEventPage): Promise<PlacedRunEvent[]> {
    return this.#database.read(async (tables) => {
      await requireRun(tables, runId);
      const rows = await tables
        .from('run_events')
        .where('run_id', runId)
        .where('position', '>', after)
        .orderBy('position')
        .limit(limit);
      return rows.map(({ position, type, data }) => ({
        ...{ position, type: fromStoredText(type), data: JSON.parse(data) as JsonValue },
      }));
    });
  }

  async end(runId: string, outcome: RunOutcome, at: Date): Promise<void> {
    await this.#change(runId, { outcome, ended_at: at.getTime() });
    this.#wakers.wake(runId);
  }

  get(runId: string): Promise<Run | undefined> {
    return this.#database.read((tables) => readRun(tables, runId));
  }

  async active(sessionId: string): Promise<Run | undefined> {
    const [row] = await this.#database.read((tables) =>
      livingRuns(tables).where('session_id', sessionId).whereNull('outcome'),
    );
    return row && fromRow(row);
  }

  async list(sessionId: string, limit: number): Promise<Run[]> {
    const rows = await this.#database.read((tables) =>
      livingRuns(tables)
        .where('session_id', sessionId)
        .orderBy([
          { column: 'started_at', order: 'desc' },
          { column: 'id', order: 'desc' },
        ])
        .limit(limit),
    );
    return rows.map(fromRow);
  }

  async requestCancel(runId: string): Promise<void> {
    await this.#change(runId, { cancel_requested: 1 });
  }

  orphans(isDead: (holder: LeaseHolder) => boolean = () => false): Promise<Run[]> {
    return this.#database.read((tables) => readOrphans(tables, isDead));
  }

  async prune(endedBefore: Date): Promise<number> {
    for (let sum = 0; ;) {
      const ids = await this.#database.read((tables) => readPrunable(tables, endedBefore));
      if (ids.length === 0) return sum;
      sum += await this.#database.write(
        (tables) => tables.from('run_events').whereIn('run_id', ids).delete(),
        { isRepeatable: true },
      );
    }
  }

  /** Changes an active run; does nothing to one that has ended. */
  async #change(runId: string, columns: Partial<RunRow>): Promise<void> {
    const count = await this.#database.write(
      (tables) =>
        livingRuns(tables)
          .where('id', runId)
          .whereNull('outcome')
          .where(differing(columns))
          .update(columns),
      { isRepeatable: true },
    );
    if (count === 0) await this.#database.read((tables) => requireRun(tables, runId));
  }
}

/** So that a repeated request is no change. */
function differing({ cancel_requested }: Partial<RunRow>): Partial<RunRow> {
  return cancel_requested === undefined ? {} : { cancel_requested: 1 - cancel_requested };
}

/** The session is locked, so that no other run of it begins meanwhile. */
async function beginRun(tables: Tables, run: NewRun): Promise<BegunRun> {
  await lockForMessages(tables, run.sessionId, null);
  const [known] = await tables.from('runs').where('id', run.id);
  if (known && known.session_id !== run.sessionId) throw idTaken(run.id);
  if (known) return { run: fromRow(known), isNew: false };
  const [active] = await tables
    .from('runs')
    .where('session_id', run.sessionId)
    .whereNull('outcome')
    .select('id');
  if (active)
    throw new SessionBusyError(`Session ${run.sessionId} has the active run ${active.id}.`);
  const row = toRow(run);
  await tables.from('runs').insert(row);
  return { run: fromRow(row), isNew: true };
}

async function appendEvents(
  tables: Tables,
  runId: string,
  events: readonly RunEvent[],
): Promise<number> {
  const [run] = await livingRuns(tables)
    .where('id', runId)
    .whereNull('outcome')
    .update('position', tables.query.raw('position + ?', [events.length]))
    .returning('position');
  if (!run) {
    await requireRun(tables, runId);
    throw new RunEndedError(runId);
  }
  const first = run.position - events.length + 1;
  const rows = events.map(({ type, data }, index) => ({
    ...{ run_id: runId, position: first + index },
    ...{ type: toStoredText(type), data: JSON.stringify(data) },
  }));
  for (const chunk of inChunks(rows, ROWS_PER_INSERT)) {
    await tables.from('run_events').insert(chunk);
  }
  return run.position;
}

async function readPrunable(tables: Tables, endedBefore: Date): Promise<string[]> {
  const events = tables.from('run_events').whereRaw('run_events.run_id = runs.id');
  const rows = await tables
    .from('runs')
    .where('ended_at', '<', endedBefore.getTime())
    .whereExists(events.select(tables.query.raw('1')))
    .limit(RUNS_PER_PRUNE)
    .select('id');
  return rows.map(({ id }) => id);
}

/** The events of the ended runs of a session. */
export async function removeRunEvents(tables: Tables, sessionId: string): Promise<void> {
  const ended = tables.from('runs').where('session_id', sessionId).whereNotNull('outcome');
  await tables.from('run_events').whereIn('run_id', ended.select('id')).delete();
}

function idTaken(id: string): SessionConflictError {
  return new SessionConflictError(`A run of another session has the id ${id}.`);
}

function toRow(run: NewRun): RunRow {
  return {
    ...{ id: run.id, session_id: run.sessionId, instance_id: run.instanceId },
    ...{ request_hash: run.requestHash, started_at: run.startedAt.getTime() },
    ...{ outcome: null, ended_at: null, cancel_requested: 0, position: 0 },
  };
}
