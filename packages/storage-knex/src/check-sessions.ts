import type { CheckFinding } from '@synapse/core';
import type { Database } from './database.ts';
import { areFiguresIntact, isSealIntact } from './seal-session.ts';

const ROWS_PER_READ = 200;

/** Compares every session with the seals that were made when it was stored and changed. */
export async function checkSessions(database: Database): Promise<CheckFinding[]> {
  const findings: CheckFinding[] = [];
  for (let last = ''; ;) {
    const rows = await database.read((tables) =>
      tables
        .from('sessions')
        .where('purged', 0)
        .where('id', '>', last)
        .orderBy('id')
        .limit(ROWS_PER_READ),
    );
    const tagRows = await database.read((tables) =>
      tables.from('session_tags').whereIn(
        'session_id',
        rows.map(({ id }) => id),
      ),
    );
    for (const row of rows) {
      const tags = tagRows.filter(({ session_id }) => session_id === row.id).map(({ tag }) => tag);
      if (isSealIntact(row, tags) && areFiguresIntact(row)) continue;
      const text = `Session ${row.id} does not match its checksum.`;
      findings.push({ kind: 'content', sessionId: row.id, text });
    }
    const end = rows.at(-1);
    if (!end) return findings;
    last = end.id;
  }
}
