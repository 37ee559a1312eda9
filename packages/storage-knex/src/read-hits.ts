import {
  makeSnippet,
  searchedTextOf,
  type Part,
  type SearchHit,
  type SearchQuery,
} from '@synapse/core';
import type { Match, Role } from '@synapse/core/store-kit';
import { fromStoredTextOrNull } from './stored-text.ts';
import type { Tables } from './tables.ts';

interface HitRow {
  rowNumber: number;
  sessionId: string;
  title: string | null;
  handle: string | null;
  messageId: string;
  seq: number;
  role: Role;
  active: number;
  createdAt: number;
  parts: string;
}

/** The data to show for each match, in the order of the matches. */
export async function readHits(
  tables: Tables,
  { terms }: SearchQuery,
  matches: readonly Match[],
): Promise<SearchHit[]> {
  const rowNumbers = matches.map(({ position }) => Number(position));
  const rows = await tables
    .from('messages')
    .join('sessions', 'sessions.id', 'messages.session_id')
    .whereIn('messages.row_number', rowNumbers)
    .select<HitRow[]>({
      rowNumber: 'messages.row_number',
      sessionId: 'messages.session_id',
      title: 'sessions.title',
      handle: 'sessions.handle',
      messageId: 'messages.id',
      seq: 'messages.seq',
      role: 'messages.role',
      active: 'messages.active',
      createdAt: 'messages.created_at',
      parts: 'messages.parts',
    });
  const found = new Map(rows.map((row) => [row.rowNumber, row]));
  return rowNumbers.flatMap((rowNumber) => {
    const row = found.get(rowNumber);
    return row
      ? [
          {
            sessionId: row.sessionId,
            sessionTitle: fromStoredTextOrNull(row.title),
            sessionHandle: fromStoredTextOrNull(row.handle),
            messageId: row.messageId,
            seq: row.seq,
            role: row.role,
            active: row.active === 1,
            createdAt: new Date(row.createdAt),
            snippet: makeSnippet(searchedTextOf(JSON.parse(row.parts) as Part[]), terms.flat()),
          },
        ]
      : [];
  });
}
