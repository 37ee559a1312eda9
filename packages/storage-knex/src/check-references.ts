import { createHash } from 'node:crypto';
import type { CheckFinding } from '@synapse/core';
import type { CheckOptions } from '@synapse/core/store-kit';
import type { Database } from './database.ts';

/** Checks that every attachment of a session exists and matches its hash. */
export async function checkReferences(
  database: Database,
  { signal }: CheckOptions,
): Promise<CheckFinding[]> {
  const findings: CheckFinding[] = [];
  const held = await database.read((tables) =>
    tables.from('session_attachments').orderBy('sha256').select('session_id', 'sha256'),
  );
  let previous: string | undefined;
  let isThere = false;
  for (const { session_id, sha256 } of held) {
    signal?.throwIfAborted();
    if (sha256 !== previous) {
      const bytes = await readBytes(database, sha256);
      isThere = bytes !== undefined;
      if (bytes && createHash('sha256').update(bytes).digest('hex') !== sha256) {
        const text = `Attachment ${sha256} does not match its hash.`;
        findings.push({ kind: 'content', sessionId: session_id, text });
      }
    }
    previous = sha256;
    // The session may have been changed since the list was read, and the bytes removed.
    if (!isThere && (await isHeld(database, session_id, sha256))) {
      const text = `Attachment ${sha256} of session ${session_id} is missing.`;
      findings.push({ kind: 'reference', sessionId: session_id, text });
    }
  }
  return findings;
}

async function isHeld(database: Database, session_id: string, sha256: string): Promise<boolean> {
  const rows = await database.read((tables) =>
    tables.from('session_attachments').where({ session_id, sha256 }).select('sha256'),
  );
  return rows.length > 0;
}

async function readBytes(database: Database, sha256: string): Promise<Uint8Array | undefined> {
  const [row] = await database.read((tables) =>
    tables.from('attachments').where('sha256', sha256).select('bytes'),
  );
  return row?.bytes;
}
