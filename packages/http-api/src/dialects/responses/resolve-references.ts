import type { JsonObject, JsonValue, Store } from '@synapse/core';
import { ClientValue } from '../client-fields.ts';
import { readItemId, toStoredItems } from './stored-items.ts';

type ItemStore = Pick<Store, 'aliases' | 'sessions'>;

/**
 * The request with the items themselves in place of references to them: the AI SDK names what it got
 * from a server that stores responses.
 */
export async function resolveReferences(body: JsonObject, store: ItemStore): Promise<JsonObject> {
  const { input } = body;
  if (!Array.isArray(input) || !input.some(isReference)) return body;
  const known = new Map<string, JsonObject[]>();
  const resolved: JsonValue[] = [];
  for (const [index, item] of input.entries()) {
    if (!isReference(item)) {
      resolved.push(item);
      continue;
    }
    const reference = new ClientValue(item, `input[${index}]`).field('id');
    const id = reference.text();
    const messageId = readItemId(id)?.messageId ?? '';
    const items = known.get(messageId) ?? (await itemsOf(messageId, store));
    known.set(messageId, items);
    const found = items.find((one) => one.id === id);
    if (found) resolved.push(found);
    // Reasoning that a provider has sealed keeps the id of the provider, and no answer needs it.
    else if (!id.startsWith('rs_')) throw reference.invalid('names no item of a stored response.');
  }
  return { ...body, input: resolved };
}

function isReference(item: JsonValue): boolean {
  return new ClientValue(item, '').field('type').raw === 'item_reference';
}

async function itemsOf(messageId: string, { aliases, sessions }: ItemStore): Promise<JsonObject[]> {
  const sessionId = messageId && (await aliases.find('response', messageId));
  const message = sessionId ? await sessions.message(sessionId, messageId) : undefined;
  return message ? toStoredItems(message) : [];
}
