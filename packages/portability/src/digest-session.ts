import { createHash, type Hash } from 'node:crypto';
import type { Message, Session } from '@synapse/core';

/**
 * A hash over a whole session. Two stores contain the same session exactly if the hashes are equal.
 * Its revision does not count: it tells how often a store changed the session.
 * The order of a record's fields does not matter; the order of a message's parts, and everything in
 * them, does.
 */
export async function digestSession(
  session: Session,
  pages: AsyncIterable<readonly Message[]>,
): Promise<string> {
  const hash = createHash('sha256');
  update(hash, { ...session, revision: 0 });
  for await (const page of pages) {
    for (const message of page) update(hash, message);
  }
  return hash.digest('hex');
}

function update(hash: Hash, record: Session | Message): void {
  hash.update(JSON.stringify(record, sortFields)).update('\n');
}

// The order of fields within a part matters: providers sign and cache the text of a part.
const KEPT_AS_IT_IS = new Set(['parts', 'metadata']);

function sortFields(key: string, value: unknown): unknown {
  if (KEPT_AS_IT_IS.has(key)) return JSON.stringify(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
