import type { Message } from '@synapse/core';
import { attachmentsOf } from '@synapse/core/store-kit';
import { inChunks } from './in-chunks.ts';
import type { Tables } from './tables.ts';

const HASHES_PER_STATEMENT = 200;

export function hashesOf(messages: readonly Pick<Message, 'parts'>[]): string[] {
  return messages.flatMap(({ parts }) => attachmentsOf(parts).map(({ sha256 }) => sha256));
}

/** Records that the session uses these attachments. */
export async function holdAttachments(
  tables: Tables,
  sessionId: string,
  hashes: readonly string[],
): Promise<void> {
  for (const chunk of inChunks([...new Set(hashes)].sort(), HASHES_PER_STATEMENT)) {
    // A process that wants to remove them waits for this transaction, and then sees that they are
    // in use.
    await tables
      .from('attachments')
      .whereIn('sha256', chunk)
      .orderBy('sha256')
      .forShare()
      .select('sha256');
    await tables
      .from('session_attachments')
      .insert(chunk.map((sha256) => ({ session_id: sessionId, sha256 })))
      .onConflict(['session_id', 'sha256'])
      .ignore();
  }
}

/**
 * The same for messages for which these attachments were stored, each counted as often as it is
 * listed.
 */
export async function holdAwaited(
  tables: Tables,
  sessionId: string,
  hashes: readonly string[],
): Promise<void> {
  await holdAttachments(tables, sessionId, hashes);
  const times = new Map<string, number>();
  for (const hash of hashes) times.set(hash, (times.get(hash) ?? 0) + 1);
  for (const [hash, count] of [...times].sort()) {
    const awaited = tables.query.raw<number>('case when awaited > ? then awaited - ? else 0 end', [
      count,
      count,
    ]);
    await tables
      .from('new_attachments')
      .where('sha256', hash)
      .where('awaited', '>', 0)
      .update({ awaited });
  }
}

/** Removes the bytes that no session uses and no message awaits. Returns how many were removed. */
export async function dropUnused(tables: Tables, hashes: readonly string[]): Promise<number> {
  let count = 0;
  for (const chunk of inChunks([...hashes].sort(), HASHES_PER_STATEMENT)) {
    await tables
      .from('attachments')
      .whereIn('sha256', chunk)
      .orderBy('sha256')
      .forUpdate()
      .select('sha256');
    const held = tables.from('session_attachments').whereIn('sha256', chunk).select('sha256');
    const awaited = tables
      .from('new_attachments')
      .whereIn('sha256', chunk)
      .where('awaited', '>', 0)
      .select('sha256');
    count += await tables
      .from('attachments')
      .whereIn('sha256', chunk)
      .whereNotIn('sha256', held)
      .whereNotIn('sha256', awaited)
      .delete();
  }
  return count;
}
