/**
 * JSON Schemas of sessions, messages and parts as `sessionToJson` and `messageToJson` write them,
 * derived from the tables of fields.
 *
 * @module
 */
import {
  messageFields,
  sessionFields,
  type Field,
  type MessageKinds,
  type SessionKinds,
} from '@synapse/core/store-kit';

export type JsonSchema = Readonly<Record<string, unknown>>;

const text = { type: 'string' };
const flag = { type: 'boolean' };
const count = { type: 'integer', minimum: 0 };
const amount = { type: 'number', minimum: 0 };
const id = {
  type: 'string',
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
};
const time = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' };
const price = recordOf({
  ...{ inputPerMillion: amount, outputPerMillion: amount },
  ...{ cacheReadPerMillion: amount, cacheWritePerMillion: amount },
});

/** The session and its fields in the order of their table, without its messages. */
export function sessionSchema(): JsonSchema {
  const { costNanoUsd, ...session } = schemasOf(sessionFields, kindsWith({}));
  if (!costNanoUsd) throw new Error('The JSON has another name for this field.');
  return recordOf({ ...session, totalTokens: count, costUsd: orNull(amount) });
}

/** `part` is the schema of a part, or a reference to it. */
export function messageSchema(part: JsonSchema): JsonSchema {
  const { sessionId, ...message } = schemasOf(messageFields, kindsWith(part));
  if (!sessionId) throw new Error('The JSON has another name for this field.');
  return recordOf({ ...message, costUsd: orNull(amount), rawFinishReason: orNull(text) });
}

export function partSchema(): JsonSchema {
  const replay = recordOf(
    { dialect: text, data: true },
    { isBound: { type: 'boolean' }, prefix: text },
  );
  const refused = recordOf({ seq: count, provider: text, model: text });
  return {
    anyOf: [
      partOf('text', { text }, { isInjected: { const: true }, replay }),
      partOf('reasoning', { text }, { replay }),
      partOf(
        'tool-call',
        { id: text, name: text, input: { type: 'object' } },
        { invalidInput: text, replay },
      ),
      partOf(
        'tool-result',
        { id: text, name: text, output: text, isError: flag },
        { attachments: { type: 'array', items: attachmentSchema() } },
      ),
      partOf('image', { attachment: attachmentSchema() }),
      partOf('file', { attachment: attachmentSchema() }),
      partOf(
        'context',
        {
          summary: { type: ['string', 'null'] },
          ...{ summarySeq: count, leftOutSeq: count, collapsedSeq: count, prunedSeq: count },
          pinnedSeqs: { type: 'array', items: count },
        },
        { refused: { type: 'array', items: refused } },
      ),
      partOf('title', { text }),
      partOf('raw', { kind: text, data: true }),
    ],
  };
}

export function attachmentSchema(): JsonSchema {
  const sha256 = { type: 'string', pattern: '^[0-9a-f]{64}$' };
  const name = { type: ['string', 'null'] };
  return recordOf({ sha256, mediaType: text, name, byteLength: count });
}

/** An object with these properties; those of `optional` may be absent. */
export function recordOf(
  properties: Readonly<Record<string, JsonSchema | true>>,
  optional: Readonly<Record<string, JsonSchema | true>> = {},
): JsonSchema {
  return {
    type: 'object',
    required: Object.keys(properties),
    properties: { ...properties, ...optional },
  };
}

export function orNull(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: 'null' }] };
}

/** The schema of each kind of field. */
function kindsWith(part: JsonSchema): Record<keyof SessionKinds | keyof MessageKinds, JsonSchema> {
  return {
    ...{ id, handle: text, name: text, text, flag, count, amount, time, json: { type: 'object' } },
    tags: { type: 'array', items: text },
    origin: recordOf({ sessionId: id, messageId: orNull(id) }),
    role: { enum: ['user', 'assistant', 'tool', 'context', 'title'] },
    status: { enum: ['complete', 'running', 'interrupted', 'failed'] },
    parts: { type: 'array', items: part },
    usage: recordOf({
      ...{ inputTokens: count, outputTokens: count, cacheReadTokens: count },
      ...{ cacheWriteTokens: count, reasoningTokens: count, estimated: flag },
    }),
    cost: recordOf({ nanoUsd: count, price: { anyOf: [{ const: 'reported' }, price] } }),
    finishReason: {
      enum: ['stop', 'length', 'tool-calls', 'content-filter', 'refusal', 'unknown'],
    },
    error: recordOf({ code: text, message: text }),
  };
}

function schemasOf(
  table: Record<string, Field<SessionKinds & MessageKinds, unknown>>,
  kinds: Record<keyof SessionKinds | keyof MessageKinds, JsonSchema>,
): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(table).map(([name, { kind, empty }]) => [
      name,
      empty === null ? orNull(kinds[kind]) : kinds[kind],
    ]),
  );
}

function partOf(
  type: string,
  properties: Readonly<Record<string, JsonSchema | true>>,
  optional?: Readonly<Record<string, JsonSchema | true>>,
): JsonSchema {
  return recordOf({ type: { const: type }, ...properties }, optional);
}
