import { newId, newMessage, type JsonObject, type Session, type Store } from '@synapse/core';
import type { RelayApp } from '@synapse/app/relay/relay-options';
import { pickMessages } from '@synapse/app/sessions/pick-messages';
import { withLease } from '@synapse/app/sessions/with-lease';
import { InvalidRequestError } from '../client-fields.ts';
import { readResponsesRequest } from './read-responses-request.ts';
import { readItemId, toStoredItems } from './stored-items.ts';

/** Throws if an item is none of a conversation. */
export function readItems(given: readonly object[]) {
  const read = readResponsesRequest({ input: given as JsonObject[] });
  if (read.systemPrompt === null) return read;
  throw new InvalidRequestError('items', 'must have no instructions: give them with a response.');
}

/**
 * Stores items at the end of a conversation, and returns them as they are stored. With an id of
 * `idOf`, a message that the conversation has already is not added again.
 */
export async function addItems(
  { app, store }: { app: RelayApp; store: Store },
  { id: sessionId }: Pick<Session, 'id'>,
  given: readonly object[],
  idOf: (part: readonly unknown[]) => string | undefined,
): Promise<JsonObject[]> {
  const { messages, contents } = readItems(given);
  for (const { parts } of messages) {
    for (const part of parts) {
      const attachment = 'attachment' in part ? part.attachment : undefined;
      const bytes = attachment && contents.get(attachment.sha256);
      if (bytes) await store.attachments.put({ ...attachment, bytes });
    }
  }
  const added = messages.map(({ role, parts }, index) => {
    const createdAt = app.clock.now();
    const id = idOf([sessionId, index, role, parts]) ?? newId(createdAt.getTime());
    // An answer that the client had from elsewhere has cost nothing here.
    const cost = role === 'assistant' ? { nanoUsd: 0, price: 'reported' as const } : null;
    return newMessage({ id, role, parts, cost, createdAt });
  });
  const stored = await withLease(app, store, sessionId, (lease) =>
    store.sessions.append(sessionId, added, lease),
  );
  return stored.flatMap(toStoredItems);
}

/** A page of the items; `after` is the last one of the page before. */
export async function listItems(
  { sessions }: Store,
  sessionId: string,
  { limit, order, after }: { limit: number; order: 'asc' | 'desc'; after?: string | undefined },
): Promise<JsonObject> {
  const place = after === undefined ? null : readItemId(after);
  const last = place && (await sessions.message(sessionId, place.messageId));
  if (after !== undefined && !last) {
    throw new InvalidRequestError('after', 'must be the id of an item.');
  }
  const isNewestFirst = order === 'desc';
  // The message of `after` is read again: it may have more items.
  const beyond = last && (isNewestFirst ? last.seq + 1 : last.seq - 1);
  const { messages, nextCursor } = await pickMessages(sessions, sessionId, {
    ...{ end: isNewestFirst ? 'tail' : 'head', count: limit + 1, turns: 'active' },
    ...(beyond !== null && beyond !== undefined && { beyond }),
  });
  const found = messages.flatMap(toStoredItems);
  if (isNewestFirst) found.reverse();
  const begin = after === undefined ? 0 : found.findIndex(({ id }) => id === after) + 1;
  const page = found.slice(begin, begin + limit);
  return toPage(page, nextCursor !== null || found.length > begin + limit);
}

export function toPage(data: readonly JsonObject[], hasMore: boolean): JsonObject {
  const idOf = (one: JsonObject | undefined) => one?.id ?? null;
  return {
    ...{ object: 'list', data: [...data], has_more: hasMore },
    ...{ first_id: idOf(data[0]), last_id: idOf(data.at(-1)) },
  };
}
