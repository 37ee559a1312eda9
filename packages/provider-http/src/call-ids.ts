import { createHash } from 'node:crypto';
import { newId } from '@synapse/core';

/** Gives every call of an answer a unique id, whatever the server sent. */
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
 * Converts an id of another provider to a form that this one accepts. The result depends only on
 * the id, so that a call and its result match and a warm cache stays warm.
 */
export function fitCallId(id: string, pattern: RegExp, length: number): string {
  if (pattern.test(id)) return id;
  const digest = createHash('sha256').update(id).digest();
  return Array.from(digest.subarray(0, length), (byte) => LETTERS[byte % LETTERS.length]).join('');
}
