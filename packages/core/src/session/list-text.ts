import type { Session } from './session.ts';

/** Makes texts equal that differ only in case; the same in every store. */
export function foldCase(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** The text that the filter of a list searches: the handle, the title and the preview, a line each. */
export function listTextOf(session: Pick<Session, 'handle' | 'title' | 'preview'>): string {
  return [session.handle, session.title, session.preview]
    .map((text) => foldCase(text ?? ''))
    .join('\n');
}
