import type { Session } from '@synapse/core';
import { selectSessions } from './read-sessions.ts';
import { fromSessionRow } from './session-rows.ts';
import { toStoredText } from './stored-text.ts';
import type { Tables } from './tables.ts';

const MAX_FOUND = 10;
const MIN_PREFIX_LENGTH = 4;
const LAST_CHARACTER = '\u{10ffff}';

export async function findSessions(tables: Tables, reference: string): Promise<Session[]> {
  const text = toStoredText(reference);
  const candidates = () =>
    selectSessions(tables).orderBy('updated_at', 'desc').orderBy('id', 'desc').limit(MAX_FOUND);
  const rules = [
    () => candidates().where('id', text),
    () => candidates().where('handle', text),
    () =>
      candidates()
        .where('id', '>=', text)
        .where('id', '<', text + LAST_CHARACTER),
    () => candidates().where('title', text),
  ];
  if (reference.length < MIN_PREFIX_LENGTH) rules.splice(2, 1);

  for (const rule of rules) {
    let found = await rule().whereNull('deleted_at');
    if (found.length === 0) found = await rule();
    if (found.length > 0) return found.map(fromSessionRow);
  }
  return [];
}
