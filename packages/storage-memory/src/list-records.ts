import type { Session } from '@synapse/core';
import {
  type Page,
  type SessionQuery,
  fromListCursor,
  toListCursor,
  type ListPosition,
  foldCase,
  listTextOf,
} from '@synapse/core/store-kit';

export function byNewest(a: Session, b: Session): number {
  return b.updatedAt.getTime() - a.updatedAt.getTime() || (a.id < b.id ? 1 : -1);
}

export function listSessions(sessions: Iterable<Session>, query: SessionQuery): Page<Session> {
  const begin = query.cursor === undefined ? null : fromListCursor(query.cursor);
  const fits = [...sessions]
    .filter((session) => isWanted(session, query) && (begin === null || isAfter(session, begin)))
    .sort(byNewest);
  const items = fits.slice(0, query.limit);
  const last = items.at(-1);
  return { items, nextCursor: last && fits.length > items.length ? toListCursor(last) : null };
}

function isWanted(session: Session, query: SessionQuery): boolean {
  const { archived = false, trashed = false, text, updatedSince, updatedBefore } = query;
  return (
    (archived === 'any' || session.archived === archived) &&
    (trashed === 'any' || (session.deletedAt !== null) === trashed) &&
    (query.owner === undefined || session.owner === query.owner) &&
    (query.pinned === undefined || session.pinned === query.pinned) &&
    (query.tag === undefined || session.tags.includes(query.tag)) &&
    (query.provider === undefined || session.provider === query.provider) &&
    (query.model === undefined || session.model === query.model) &&
    (query.workingDirectory === undefined || session.workingDirectory === query.workingDirectory) &&
    (query.origin === undefined || session.origin === query.origin) &&
    (updatedSince === undefined || session.updatedAt >= updatedSince) &&
    (updatedBefore === undefined || session.updatedAt < updatedBefore) &&
    (text === undefined || listTextOf(session).includes(foldCase(text)))
  );
}

function isAfter(session: Session, { updatedAtMs, id }: ListPosition): boolean {
  const time = session.updatedAt.getTime();
  return time < updatedAtMs || (time === updatedAtMs && session.id < id);
}
