import { createHash } from 'node:crypto';
import type { Session } from '@synapse/core';
import { sessionToJson } from '@synapse/portability';
import { HttpError } from '../problems/http-error.ts';

/** The validator of a session: it changes with every change of what a reader sees. */
export function etagOf(session: Session): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(sessionToJson(session)))
    .digest('hex');
  return `"${hash.slice(0, 24)}"`;
}

/** Rejects with status 412 unless the session is as the caller knows it. */
export function checkIfMatch(headers: Headers, session: Session): void {
  const expected = headers.get('if-match');
  if (expected === null || expected === '*' || expected === etagOf(session)) return;
  throw new HttpError('PRECONDITION_FAILED', 'The session has changed since you read it.', {
    hint: 'Read it again, and repeat the change if it is still needed.',
  });
}

export function isUnchanged(headers: Headers, etag: string): boolean {
  const known = headers.get('if-none-match')?.split(',') ?? [];
  return known.some((value) => value.trim().replace(/^W\//, '') === etag);
}
