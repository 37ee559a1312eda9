import type { Session } from '@synapse/core';
import { SessionChangedError } from '@synapse/core/server';

/** The validator of a session: it changes with every change of the session or its messages. */
export function etagOf({ revision }: Pick<Session, 'revision'>): string {
  return `"r${revision}"`;
}

/** The revision that the caller knows; undefined if any will do. */
export function expectedRevision(headers: Headers): number | undefined {
  const value = headers.get('if-match');
  if (value === null || value === '*') return undefined;
  const revision = /^"r(\d{1,15})"$/.exec(value)?.[1];
  // A validator that this server never gave matches nothing.
  return revision === undefined ? -1 : Number(revision);
}

/** Rejects with status 412 unless the session is as the caller knows it. */
export function checkIfMatch(headers: Headers, { id, revision }: Session): void {
  const expected = expectedRevision(headers);
  if (expected !== undefined && expected !== revision) throw new SessionChangedError(id, revision);
}

export function isUnchanged(headers: Headers, etag: string): boolean {
  const known = headers.get('if-none-match')?.split(',') ?? [];
  return known.some((value) => value.trim().replace(/^W\//, '') === etag);
}
