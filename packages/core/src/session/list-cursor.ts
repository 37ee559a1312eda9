import { InvalidDataError } from '../errors/run-errors.ts';
import type { Session } from './session.ts';

/** The position after a page of the list. Sessions may share a time, but not an id. */
export interface ListPosition {
  updatedAtMs: number;
  id: string;
}

export function toListCursor(session: Pick<Session, 'id' | 'updatedAt'>): string {
  return Buffer.from(`${session.updatedAt.getTime()} ${session.id}`).toString('base64url');
}

export function fromListCursor(cursor: string): ListPosition {
  const [, time, id] =
    /^(-?\d+) (.+)$/s.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  const updatedAtMs = Number(time);
  if (id === undefined || !Number.isSafeInteger(updatedAtMs)) {
    throw new InvalidDataError('The cursor was not returned by a session list.', {
      hint: 'Start again from the first page.',
    });
  }
  return { updatedAtMs, id };
}
