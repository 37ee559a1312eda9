import type { Session } from '@synapse/core';

const shortIdLength = 13;

/** Long enough that sessions of one second differ: the time and what follows it. */
export function shortId(id: string): string {
  return id.slice(0, shortIdLength);
}

/** What to write to get this session again. */
export function referenceTo({ handle, id }: Pick<Session, 'handle' | 'id'>): string {
  return handle ?? id;
}

export function describeSession({ title, preview }: Pick<Session, 'title' | 'preview'>): string {
  return title ?? preview ?? '(no text)';
}
