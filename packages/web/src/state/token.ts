import { effect, signal } from '@preact/signals';
import { readStored, writeStored } from './stored.ts';

/**
 * The token of this browser. In `localStorage`, because that belongs to one port of a host: a cookie
 * would also be sent to the other servers of this machine.
 */
export const token = signal(readStored('token'));

effect(() => writeStored('token', token.value));

/** Forgets a token that the server refuses; another one, which came meanwhile, stays. */
export function forgetToken(refused: string): void {
  if (token.value === refused) token.value = null;
}
