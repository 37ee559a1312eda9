import type { Session } from '@synapse/core';

const shortIdLength = 13;

/** Long enough that sessions of one second differ: the time and what follows it. */
export function shortId(id: string): string {
  return id.slice(0, shortIdLength);
}

export function describeSession({ title, preview }: Pick<Session, 'title' | 'preview'>): string {
  return title ?? preview ?? '(no text)';
}
