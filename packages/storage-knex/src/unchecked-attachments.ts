import { dropUnused } from './hold-attachments.ts';
import type { Tables } from './tables.ts';

// Each may have 16 MiB, and other writers should not wait for long.
const HASHES_PER_STEP = 3;

/** Attachments that were stored before this time and not checked since. */
export async function readUncheckedAttachments(
  tables: Tables,
  storedBefore: Date,
): Promise<string[]> {
  const rows = await tables
    .from('new_attachments')
    .where('stored_at', '<', storedBefore.getTime())
    .orderBy('stored_at')
    .limit(HASHES_PER_STEP)
    .select('sha256');
  return rows.map(({ sha256 }) => sha256);
}

/**
 * Removes those that were not stored again in the meantime; returns how many of them no session
 * used.
 */
export async function dropUncheckedAttachments(
  tables: Tables,
  hashes: readonly string[],
  storedBefore: Date,
): Promise<number> {
  // Locks them: a process that wants to store one of them again waits, and then finds that its
  // bytes are gone.
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
