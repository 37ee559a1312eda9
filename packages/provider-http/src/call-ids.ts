import { createHash } from 'node:crypto';
import { newId } from '@synapse/core';

/** Gives every call of an answer an id of its own, whatever the server thought of. */
export class CallIds {
  readonly #taken = new Set<string>();

  take(id: unknown): string {
    const isUsable = typeof id === 'string' && id !== '' && !this.#taken.has(id);
    const taken = isUsable ? id.toWellFormed() : `call_${newId().replaceAll('-', '')}`;
    this.#taken.add(taken);
    return taken;
  }
}

const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz';

/**
 * An id that came from another provider, in the form that this one takes. The same id always
 * becomes the same, so that a call and its result stay together and a warm cache stays warm.
 */
export function fitCallId(id: string, pattern: RegExp, length: number): string {
  if (pattern.test(id)) return id;
  const digest = createHash('sha256').update(id).digest();
  return Array.from(digest.subarray(0, length), (byte) => LETTERS[byte % LETTERS.length]).join('');
}
