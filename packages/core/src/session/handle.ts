import { UsageError } from '../errors/usage-error.ts';

const RESERVED = new Set(['last', 'here', 'new']);
const LOOKS_LIKE_ID = /^[0-9a-f]{8}(?:-[0-9a-f-]*)?$/i;

/** Returns the handle in its stored form; throws with the reason if it is invalid. */
export function parseHandle(text: string): string {
  const handle = text.normalize('NFC');
  if (RESERVED.has(handle)) {
    throw new UsageError(`"${handle}" is a reserved word and can't name a session.`);
  }
  if (LOOKS_LIKE_ID.test(handle)) {
    throw new UsageError(`"${handle}" looks like a session id and can't name a session.`);
  }
  if (!/^[\p{L}\p{N}](?:[\p{L}\p{N}._/-]{0,62}[\p{L}\p{N}])?$/u.test(handle)) {
    throw new UsageError(`"${handle.slice(0, 80)}" can't name a session.`, {
      hint: 'A name has up to 64 letters, digits, dots, slashes, dashes and underscores, and begins and ends with a letter or digit.',
    });
  }
  return handle;
}
