import {
  newId,
  newMessage,
  type AttachmentReference,
  type FinishReason,
  type JsonObject,
  type NewMessage,
  type Part,
  type SessionChange,
  type Store,
} from '@synapse/core';
import {
  fieldsWith,
  messageFields,
  sessionFields,
  type MessageKinds,
  type NewSession,
  type SessionKinds,
} from '@synapse/core/store-kit';
import fc from 'fast-check';
import { anyHistory, type HistoryEntry } from './histories.ts';
import { anyText } from './texts.ts';

/** A session as a store may hold it, whoever has put it there. */
export interface StoredSample {
  session: Omit<NewSession, 'id'>;
  isTrashed: boolean;
  /** Whether its last turn was taken back. */
  isUndone: boolean;
  messages: StoredMessage[];
}

type StoredMessage = HistoryEntry & Omit<NewMessage, 'id' | 'role' | 'parts' | 'status'>;

// A provider may report any number as a count; those of one session add up to an exact sum here.
const MOST = Math.floor(Number.MAX_SAFE_INTEGER / 12);
const anyCount = fc.oneof(fc.nat(5000), fc.nat(MOST), fc.constant(MOST));
const anyRate = fc.double({ min: 0, max: 1000, noNaN: true });
const anyTime = fc
  .oneof(fc.integer({ min: 0, max: 4e12 }), fc.constantFrom(-1, 8.64e15))
  .map((milliseconds) => new Date(milliseconds));

const anyUsage = fc.record({
  ...{ inputTokens: anyCount, outputTokens: anyCount, reasoningTokens: anyCount },
  ...{ cacheReadTokens: anyCount, cacheWriteTokens: anyCount, estimated: fc.boolean() },
});
const anyCost = fc.record({
  nanoUsd: anyCount,
  price: fc.oneof(
    fc.constant('reported' as const),
    fc.record({
      ...{ inputPerMillion: anyRate, outputPerMillion: anyRate },
      ...{ cacheReadPerMillion: anyRate, cacheWritePerMillion: anyRate },
    }),
  ),
});
const anyFinishReason: fc.Arbitrary<FinishReason> = fc.record({
  unified: fc.constantFrom(
    ...(['stop', 'length', 'tool-calls', 'content-filter', 'refusal', 'unknown'] as const),
  ),
  raw: fc.option(anyText),
});
// JSON has no -0.
const anyMetadata = fc
  .dictionary(anyText, fc.jsonValue({ maxDepth: 2 }))
  .map((metadata) => JSON.parse(JSON.stringify(metadata)) as JsonObject);

const anyTags = fc.array(fc.oneof(fc.constantFrom('work', 'home', 'ä', 'b c'), anyText), {
  maxLength: 3,
});
const anyOrigin = fc
  .boolean()
  .map((isWhole) => ({ sessionId: newId(), messageId: isWhole ? null : newId() }));

/** Values of each kind of field. Histories make the roles, the states and the parts of messages. */
const kinds: {
  [
    Kind in Exclude<keyof SessionKinds | keyof MessageKinds, 'handle' | 'role' | 'status' | 'parts'>
  ]: fc.Arbitrary<(SessionKinds & MessageKinds)[Kind]>;
} = {
  ...{ name: anyText, text: anyText, flag: fc.boolean(), count: anyCount, time: anyTime },
  ...{ json: anyMetadata, tags: anyTags, origin: anyOrigin, usage: anyUsage, cost: anyCost },
  amount: fc.double({ min: 0, max: 1e9, noNaN: true }),
  id: fc.constant(null).map(() => newId()),
  finishReason: anyFinishReason,
  error: fc.record({ code: anyText, message: anyText }),
};

/** Any values of the fields of a table that have these names. */
function anyFields<Name extends string>(
  table: Record<Name, { kind: string; empty?: unknown }>,
  names: readonly Name[],
): fc.Arbitrary<Record<Name, unknown>> {
  const fields = names.map((name) => {
    const { kind, empty } = table[name];
    const any: fc.Arbitrary<unknown> = kinds[kind as keyof typeof kinds];
    return [name, empty === null ? fc.option(any) : any] as const;
  });
  return fc.record(Object.fromEntries(fields));
}

const fieldsOfSession = [
  ...fieldsWith(sessionFields, { setBy: 'create' }),
  ...fieldsWith(sessionFields, { setBy: 'update' }),
].filter((name) => name !== 'id' && name !== 'handle');
const anySession = anyFields(sessionFields, fieldsOfSession) as fc.Arbitrary<
  StoredSample['session']
>;

const madeByHistories = new Set(['id', 'role', 'status', 'parts', 'provider', 'model']);
const anyFacts = anyFields(
  messageFields,
  fieldsWith(messageFields, { setBy: 'caller' }).filter((name) => !madeByHistories.has(name)),
) as fc.Arbitrary<Omit<StoredMessage, keyof HistoryEntry | 'provider' | 'model'>>;

/** What an update may set, but for the handle, which is unique in a store. */
export const anyChange = anyFields(
  sessionFields,
  fieldsWith(sessionFields, { setBy: 'update' }).filter(
    (name) => name !== 'tags' && name !== 'handle',
  ),
) as fc.Arbitrary<SessionChange>;

export const anyStoredSession: fc.Arbitrary<StoredSample> = fc
  .record({
    ...{ session: anySession, isTrashed: fc.boolean(), isUndone: fc.boolean() },
    history: anyHistory,
    facts: fc.array(anyFacts, { minLength: 12, maxLength: 12 }),
  })
  .map(({ history, facts, ...sample }) => ({
    ...sample,
    messages: history.map((entry, index) => ({
      ...{ provider: null, model: null, ...entry },
      ...facts[index]!,
    })),
  }));

/** Puts it into a store; returns its id. */
export async function storeSample(store: Store, sample: StoredSample): Promise<string> {
  const { id } = await store.sessions.create({ ...sample.session, id: newId() });
  await appendSample(store, id, sample.messages);
  if (sample.isUndone) await store.sessions.undoTurn(id, null);
  if (sample.isTrashed) await store.sessions.trash(id, new Date(0));
  return id;
}

/** What an attachment of the samples is called is what it holds. */
export async function appendSample(
  store: Store,
  sessionId: string,
  samples: readonly StoredMessage[],
): Promise<void> {
  const put = ({ sha256, mediaType, name }: AttachmentReference) =>
    store.attachments.put({ bytes: Buffer.from(sha256), mediaType, name });
  const toStored = async (part: Part): Promise<Part> => {
    if (part.type === 'image' || part.type === 'file') {
      return { type: part.type, attachment: await put(part.attachment) };
    }
    if (part.type !== 'tool-result' || !part.attachments) return part;
    return { ...part, attachments: await Promise.all(part.attachments.map(put)) };
  };
  const messages: NewMessage[] = [];
  for (const sample of samples) {
    const parts = await Promise.all(sample.parts.map(toStored));
    messages.push(newMessage({ ...sample, id: newId(), parts }));
  }
  await store.sessions.append(sessionId, messages, null);
}
