import {
  newId,
  newMessage,
  type AttachmentReference,
  type FinishReason,
  type JsonObject,
  type NewMessage,
  type Part,
  type Store,
} from '@synapse/core';
import type { NewSession } from '@synapse/core/store-kit';
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
const anyDuration = fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }));
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
const anyMetadata = fc.dictionary(
  anyText,
  fc.jsonValue({ maxDepth: 2 }),
) as fc.Arbitrary<JsonObject>;

const anySession = fc.record({
  ...{ title: fc.option(anyText), provider: fc.option(anyText), model: fc.option(anyText) },
  ...{ systemPrompt: fc.option(anyText), workingDirectory: fc.option(anyText) },
  ...{ pinned: fc.boolean(), archived: fc.boolean(), owner: fc.option(anyText) },
  tags: fc.array(fc.oneof(fc.constantFrom('work', 'home', 'ä', 'b c'), anyText), { maxLength: 3 }),
  forkedFrom: fc.option(
    fc.boolean().map((isWhole) => ({ sessionId: newId(), messageId: isWhole ? null : newId() })),
  ),
  ...{ metadata: anyMetadata, createdAt: anyTime },
});

const anyFacts = fc.record({
  ...{ usage: fc.option(anyUsage), cost: fc.option(anyCost), createdAt: anyTime },
  ...{ latencyMs: anyDuration, timeToFirstTokenMs: anyDuration },
  finishReason: fc.option(anyFinishReason),
  error: fc.option(fc.record({ code: anyText, message: anyText })),
  copyOf: fc.option(fc.constant(newId())),
  ...{ askedProvider: fc.option(anyText), askedModel: fc.option(anyText) },
});

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
