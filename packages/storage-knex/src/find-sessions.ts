import type { Session } from '@synapse/core';
import type { OwnerFilter } from '@synapse/core/server';
import { filterByOwner } from './owner.ts';
import type { SessionRowWithTags } from './session-rows.ts';
import { damagedSession, verifiedSession, selectSessions } from './stored-sessions.ts';
import { toStoredText } from './stored-text.ts';
import type { Tables } from './tables.ts';

const MAX_FOUND = 10;
const MIN_PREFIX_LENGTH = 4;
const LAST_CHARACTER = '\u{10ffff}';

interface Rule {
  select: () => ReturnType<typeof selectSessions>;
  fits: (row: SessionRowWithTags) => boolean;
}

export async function findSessions(
  tables: Tables,
  reference: string,
  { owner }: OwnerFilter = {},
): Promise<Session[]> {
  const text = toStoredText(reference);
  const candidates = () => {
    const select = selectSessions(tables);
    filterByOwner(select, owner);
    return select.orderBy('updated_at', 'desc').orderBy('id', 'desc').limit(MAX_FOUND);
  };
  const rules: Rule[] = [
    {
      select: () => candidates().where('id', text),
      fits: ({ id }) => id === text,
    },
    {
      select: () => candidates().where('handle', text),
      fits: ({ handle }) => handle === text,
    },
    {
      select: () =>
        candidates()
          .where('id', '>=', text)
          .where('id', '<', text + LAST_CHARACTER),
      fits: ({ id }) => id.startsWith(text),
    },
    {
      select: () => candidates().where('title', text),
      fits: ({ title }) => title === text,
    },
  ];
  if (reference.length < MIN_PREFIX_LENGTH) rules.splice(2, 1);

  for (const { select, fits } of rules) {
    let found = await select().whereNull('deleted_at');
    if (found.length === 0) found = await select();
    // A damaged index may lead to a row that does not match.
    const astray = tables.dialect.checksPages ? undefined : found.find((row) => !fits(row));
    if (astray) throw damagedSession(astray.id);
    if (found.length > 0) return found.map((row) => verifiedSession(tables, row));
  }
  return [];
}
