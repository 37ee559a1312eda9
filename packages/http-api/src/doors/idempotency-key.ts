import { createHash } from 'node:crypto';
import type { Clock } from '@synapse/core';
import type { Identity, ReceiptStore } from '@synapse/core/server';
import { HttpError } from '../problems/http-error.ts';

const LONGEST_KEY = 255;
const KEPT_MS = 24 * 3_600_000;

/** The header `Idempotency-Key`; null without one. */
export function readKey(headers: Headers): string | null {
  const key = headers.get('idempotency-key');
  if (key === null || (key !== '' && key.length <= LONGEST_KEY)) return key;
  throw new HttpError(
    'INVALID_REQUEST',
    `Idempotency-Key must have 1 to ${LONGEST_KEY} characters.`,
  );
}

/**
 * The id that follows from `Idempotency-Key` and the token: a repeated request makes the same thing,
 * on whichever server it arrives, even if the first one ended in the middle. `part` tells apart what
 * one request makes. Undefined without the header.
 */
export function idFromKey(
  headers: Headers,
  { tokenId }: Identity,
  part?: readonly unknown[],
): string | undefined {
  const key = readKey(headers);
  if (key === null) return undefined;
  const hash = sha256(`${tokenId}\n${key}${part ? `\n${JSON.stringify(part)}` : ''}`);
  const variant = '89ab'.charAt(Number.parseInt(hash.charAt(31), 16) & 3);
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-7${hash.slice(12, 15)}-${variant}${hash.slice(15, 18)}-${hash.slice(18, 30)}`;
}

/** The requests of one server that have a key, as long as they are being answered. */
export class KeyedRequests {
  readonly #inProgress = new Set<string>();

  /**
   * Calls `handle` if no other request of the token has this key; rejects with status 422 if one had
   * another content, and with 409 while one with the same content is being answered. Every handler
   * can be repeated, so a key needs no stored reply; see `RecentAnswers` for those that cost money.
   */
  async run<Reply>(
    { tokenId, key, content }: { tokenId: string; key: string; content: string },
    { receipts, clock }: { receipts: ReceiptStore; clock: Clock },
    handle: () => Promise<Reply>,
  ): Promise<Reply> {
    const at = clock.now();
    const fingerprint = sha256(content);
    const receipt = { tokenId, key: sha256(`request\n${key}`), fingerprint, at };
    const kept = await receipts.keep(receipt, new Date(at.getTime() - KEPT_MS));
    if (kept.fingerprint !== fingerprint) {
      throw new HttpError('KEY_REUSED', 'Another request had this Idempotency-Key.', {
        hint: 'Make a new key for another request.',
      });
    }
    const name = `${tokenId}\n${key}`;
    if (this.#inProgress.has(name)) {
      throw new HttpError('KEY_IN_USE', 'The request with this Idempotency-Key is in progress.', {
        ...{ hint: 'Repeat it later.', headers: { 'retry-after': '1' } },
      });
    }
    this.#inProgress.add(name);
    try {
      return await handle();
    } finally {
      this.#inProgress.delete(name);
    }
  }
}

/** Lets the token use these bytes in a question, for a day. */
export async function keepUpload(
  { tokenId }: Identity,
  hash: string,
  { receipts, clock }: { receipts: ReceiptStore; clock: Clock },
): Promise<void> {
  if (tokenId === null) return;
  const at = clock.now();
  const receipt = { tokenId, key: hash, fingerprint: hash, at };
  await receipts.keep(receipt, new Date(at.getTime() - KEPT_MS));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
