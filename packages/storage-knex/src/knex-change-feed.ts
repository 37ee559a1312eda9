import type { Change, ChangeFeed, ChangeKind, OwnerFilter } from '@synapse/core/server';
import { Waker } from '@synapse/core/store-kit';
import type { Database } from './database.ts';
import { filterByOwner } from './owner.ts';
import type { ChangeRow } from './rows.ts';
import type { Tables } from './tables.ts';

const ROWS_PER_PRUNE = 5000;

export class KnexChangeFeed implements ChangeFeed {
  readonly #database: Database;
  readonly #waker: Waker;
  #newestSeen = 0;

  constructor(database: Database) {
    this.#database = database;
    const everyMs = database.dialect.changes.pollMs;
    this.#waker = new Waker({ everyMs, hasChanged: () => this.#hasChanged() });
    database.afterCommit(() => this.#waker.wake());
  }

  position(): Promise<number> {
    return this.#database.read(readPosition);
  }

  since(position: number, limit: number, { owner }: OwnerFilter = {}): Promise<Change[] | null> {
    return this.#database.read(async (tables) => {
      const last = await readPosition(tables);
      const rows = await readChanges(tables, { after: position, through: last }, limit, owner);
      // Read last, so that rows that were pruned before the page was read are counted here.
      const isCovered = position >= (await readPrunedThrough(tables)) && position <= last;
      return isCovered ? rows.map(toChange) : null;
    });
  }

  wake(signal: AbortSignal): AsyncIterable<void> {
    return this.#waker.listen(signal);
  }

  prune(madeBefore: Date): Promise<number> {
    return pruneChanges(this.#database, madeBefore);
  }

  async #hasChanged(): Promise<boolean> {
    const newest = await this.#database.read(async (tables) => {
      const last = await tables.dialect.changes.lastPosition(tables.query);
      const rows = tables.from('changes').where('position', '<=', last);
      const [row] = await rows.max<{ newest: number | null }[]>('position as newest');
      return row?.newest ?? 0;
    });
    const hasChanged = newest !== this.#newestSeen;
    this.#newestSeen = newest;
    return hasChanged;
  }
}

type ReadRow = Pick<ChangeRow, 'position' | 'kind' | 'session_id' | 'revision'>;

async function readChanges(
  tables: Tables,
  { after, through }: { after: number; through: number },
  limit: number,
  owner: string | null | undefined,
): Promise<ReadRow[]> {
  const select = tables
    .from('changes')
    .where('position', '>', after)
    .where('position', '<=', through);
  filterByOwner(select, owner);
  // The position of the last row of the page; all rows with that position belong to the page.
  const end = select
    .clone()
    .orderBy('position')
    .offset(Math.max(limit, 1) - 1)
    .limit(1)
    .select('position');
  return select
    .where('position', '<=', tables.query.raw('coalesce((?), ?)', [end, through]))
    .orderBy(['position', 'row_number'])
    .select('position', 'kind', 'session_id', 'revision');
}

async function readPosition(tables: Tables): Promise<number> {
  const last = await tables.dialect.changes.lastPosition(tables.query);
  return Math.max(last, await readPrunedThrough(tables));
}

async function readPrunedThrough(tables: Tables): Promise<number> {
  const [row] = await tables.from('change_feed').select('pruned_through');
  return row?.pruned_through ?? 0;
}

/** In short transactions. */
export async function pruneChanges(database: Database, madeBefore: Date): Promise<number> {
  for (let sum = 0; ;) {
    const last = await database.read((tables) => readLastPrunable(tables, madeBefore));
    if (last === null) return sum;
    sum += await database.write((tables) => pruneStep(tables, madeBefore, last), {
      isRepeatable: true,
    });
  }
}

/**
 * The last position that can be pruned; null if the oldest change is not due, which is found in one
 * lookup.
 */
async function readLastPrunable(tables: Tables, madeBefore: Date): Promise<number | null> {
  const [oldest] = await tables
    .from('changes')
    .orderBy('position')
    .limit(1)
    .select('position', 'made_at');
  if (oldest === undefined || oldest.made_at >= madeBefore.getTime()) return null;
  const last = await readPosition(tables);
  return oldest.position <= last ? last : null;
}

/** Notes which rows it removes before it removes them. */
async function pruneStep(tables: Tables, madeBefore: Date, last: number): Promise<number> {
  const oldest = tables
    .from('changes')
    .where('made_at', '<', madeBefore.getTime())
    .where('position', '<=', last)
    .orderBy('position')
    .limit(ROWS_PER_PRUNE)
    .select('position')
    .as('oldest');
  const newest = tables.query.from(oldest).max('position');
  const [feed] = await tables
    .from('change_feed')
    .update('pruned_through', tables.query.raw('coalesce((?), pruned_through)', [newest]))
    .returning('pruned_through');
  return tables
    .from('changes')
    .where('position', '<=', feed?.pruned_through ?? 0)
    .delete();
}

function toChange(row: ReadRow): Change {
  return {
    position: row.position,
    kind: row.kind as ChangeKind,
    sessionId: row.session_id,
    revision: row.revision,
  };
}
