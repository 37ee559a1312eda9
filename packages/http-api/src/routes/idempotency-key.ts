import { createHash } from 'node:crypto';
import type { Identity } from '@synapse/core/server';
import { HttpError } from '../problems/http-error.ts';

const LONGEST_KEY = 255;

/**
 * The id that follows from `Idempotency-Key` and the token: a repeated request makes the same thing,
 * on whichever server it arrives, and no table of keys is needed. Undefined without the header.
 */
export function idFromKey(headers: Headers, { tokenId }: Identity): string | undefined {
  const key = headers.get('idempotency-key');
  if (key === null) return undefined;
  if (key === '' || key.length > LONGEST_KEY) {
    throw new HttpError(
      'INVALID_REQUEST',
      `Idempotency-Key must have 1 to ${LONGEST_KEY} characters.`,
    );
  }
  const hash = createHash('sha256').update(`${tokenId}\n${key}`).digest('hex');
  const variant = '89ab'.charAt(Number.parseInt(hash.charAt(31), 16) & 3);
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-7${hash.slice(12, 15)}-${variant}${hash.slice(15, 18)}-${hash.slice(18, 30)}`;
}
