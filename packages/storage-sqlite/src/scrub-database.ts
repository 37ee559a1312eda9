import { BatchSizer } from '@synapse/storage-knex';
import type { Knex } from 'knex';

// Measured: this many hold the lock for at most 30 ms; 300 000 messages take 60 such steps, 0.7 s.
const MAX_PAGES = 200;

/**
 * Deleted text stays in older segments of a full-text index until they are merged, so all of them
 * are merged, step by step. Freed pages are overwritten (`secure_delete`). The log, which has older
 * copies of the pages, is emptied unless another process is reading it.
 */
export async function scrubDatabase(
  query: Knex,
  yieldToOthers: (heldMs: number) => Promise<void>,
): Promise<void> {
  // A negative number starts a merge of all segments; the others continue it.
  const sizer = new BatchSizer(MAX_PAGES);
  let sign = -1;
  let changesBefore = await countChanges(query);
  for (;;) {
    const start = performance.now();
    await query.raw('insert into messages_search (messages_search, rank) values (?, ?)', [
      'merge',
      sign * sizer.weight,
    ]);
    const heldMs = performance.now() - start;
    sizer.note(sizer.weight, heldMs);
    await yieldToOthers(heldMs);
    const changes = await countChanges(query);
    // The statement itself counts as one change.
    if (changes - changesBefore < 2) break;
    changesBefore = changes;
    sign = 1;
  }
  // The first checkpoint blocks no process and leaves little work for the second, which does.
  await query.raw('pragma wal_checkpoint(passive)');
  await query.raw('pragma wal_checkpoint(truncate)');
}

async function countChanges(query: Knex): Promise<number> {
  const rows = await query.raw<{ changes: number }[]>('select total_changes() as changes');
  return rows[0]?.changes ?? 0;
}
