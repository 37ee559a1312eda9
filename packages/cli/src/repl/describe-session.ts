import type { Session } from '@synapse/core';
import { shortIdsOf } from '../sessions/short-ids.ts';

const shortIdLength = 13;

/** Long enough that sessions of one second differ: the time and what follows it. */
export function shortId(id: string): string {
  return id.slice(0, shortIdLength);
}

/** Such an id for each of a list, longer where two of them would be the same. */
export function shortIdsIn(ids: readonly string[]): Map<string, string> {
  return shortIdsOf(ids, shortIdLength);
}

export function describeSession({ title, preview }: Pick<Session, 'title' | 'preview'>): string {
  return title ?? preview ?? '(no text)';
}
