import { attachmentsOf, type Message } from '@synapse/core';
import { inChunks } from './in-chunks.ts';
import type { Tables } from './tables.ts';

const HASHES_PER_STATEMENT = 200;

export function hashesOf(messages: readonly Pick<Message, 'parts'>[]): string[] {
  return messages.flatMap(({ parts }) => attachmentsOf(parts).map(({ sha256 }) => sha256));
}

/** Notes that the session refers to these. */
export async function holdAttachments(
  tables: Tables,
  sessionId: string,
  hashes: readonly string[],
): Promise<void> {
  for (const chunk of inChunks([...new Set(hashes)], HASHES_PER_STATEMENT)) {
    await tables
      .from('session_attachments')
      .insert(chunk.map((sha256) => ({ session_id: sessionId, sha256 })))
      .onConflict(['session_id', 'sha256'])
      .ignore();
  }
}

export async function readHeld(tables: Tables, sessionIds: readonly string[]): Promise<string[]> {
  const rows = await tables
    .from('session_attachments')
    .whereIn('session_id', sessionIds)
    .distinct('sha256');
  return rows.map(({ sha256 }) => sha256);
}

/** Drops, of these, the bytes that no session holds on to. Returns how many that were. */
export async function dropUnused(tables: Tables, hashes: readonly string[]): Promise<number> {
  let count = 0;
  for (const chunk of inChunks(hashes, HASHES_PER_STATEMENT)) {
    const held = tables.from('session_attachments').whereIn('sha256', chunk).select('sha256');
    count += await tables
      .from('attachments')
      .whereIn('sha256', chunk)
      .whereNotIn('sha256', held)
      .delete();
  }
  return count;
}
