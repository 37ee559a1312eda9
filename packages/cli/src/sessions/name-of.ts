import type { Session } from '@synapse/core';
import { toSafeText } from '@synapse/terminal';

const NO_NAME = '(no text)';

/** The name of the session, otherwise its title. Not filtered for a terminal. */
export function nameOf({ handle, title }: Pick<Session, 'handle' | 'title'>): string {
  return handle ?? title ?? NO_NAME;
}

export function titleOrPreview({ title, preview }: Pick<Session, 'title' | 'preview'>): string {
  return title ?? preview ?? NO_NAME;
}

/** Names a session in a sentence: the id that can be typed again, and what it is called. */
export function describeSession(session: Pick<Session, 'id' | 'handle' | 'title'>): string {
  return `${session.id} ${toOneLine(nameOf(session))}`;
}

export function toOneLine(text: string): string {
  return toSafeText(text).replaceAll(/\s+/g, ' ').trim();
}
