import { dropUnused } from './hold-attachments.ts';
import type { Tables } from './tables.ts';

// Each may be 16 MiB, and nobody should wait for long.
const HASHES_PER_STEP = 3;

/** What was stored before this time and has not been looked at since. */
export async function readNotNew(tables: Tables, storedBefore: Date): Promise<string[]> {
  const rows = await tables
    .from('new_attachments')
    .where('stored_at', '<', storedBefore.getTime())
    .orderBy('stored_at')
    .limit(HASHES_PER_STEP)
    .select('sha256');
  return rows.map(({ sha256 }) => sha256);
}

/** Of these, those that have not been stored again meanwhile; returns how many no session held. */
export async function dropNotNew(
  tables: Tables,
  hashes: readonly string[],
  storedBefore: Date,
): Promise<number> {
  // Held from here on: who stores one of them again waits, and finds that its bytes are gone.
  const rows = await tables
    .from('new_attachments')
    .whereIn('sha256', hashes)
    .where('stored_at', '<', storedBefore.getTime())
    .update('stored_at', tables.query.ref('stored_at'))
    .returning('sha256');
  const taken = rows.map(({ sha256 }) => sha256);
  await tables.from('new_attachments').whereIn('sha256', taken).delete();
  return dropUnused(tables, taken);
}
