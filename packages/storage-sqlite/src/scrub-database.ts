import { Pace } from '@synapse/storage-knex';
import type { Knex } from 'knex';

// Measured: so many hold the lock for at most 30 ms; 300 000 messages take 60 such steps, 0.7 s.
const MAX_PAGES = 200;

/**
 * What is deleted from a full-text index stays in its older segments until they are merged, so all of
 * them are merged, step by step. What is freed is overwritten (`secure_delete`); the log, which has
 * older copies of the pages, is emptied unless another process reads it just now.
 */
export async function scrubDatabase(
  query: Knex,
  giveWay: (heldMs: number) => Promise<void>,
): Promise<void> {
  // A negative number begins a merge of all segments, the others go on with it.
  const pace = new Pace(MAX_PAGES);
  let sign = -1;
  let changesBefore = await countChanges(query);
  for (;;) {
    const start = performance.now();
    await query.raw('insert into messages_search (messages_search, rank) values (?, ?)', [
      'merge',
      sign * pace.weight,
    ]);
    const heldMs = performance.now() - start;
    pace.note(pace.weight, heldMs);
    await giveWay(heldMs);
    const changes = await countChanges(query);
    // The statement itself counts as one change.
    if (changes - changesBefore < 2) break;
    changesBefore = changes;
    sign = 1;
  }
  // The first makes nobody wait and leaves little to do to the second, which does.
  await query.raw('pragma wal_checkpoint(passive)');
  await query.raw('pragma wal_checkpoint(truncate)');
}

async function countChanges(query: Knex): Promise<number> {
  const rows = await query.raw<{ changes: number }[]>('select total_changes() as changes');
  return rows[0]?.changes ?? 0;
}
