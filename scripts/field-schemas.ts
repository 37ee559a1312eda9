import {
  messageFields,
  sessionFields,
  type Field,
  type MessageKinds,
  type SessionKinds,
} from '@synapse/core/store-kit';

type JsonSchema = Readonly<Record<string, unknown>>;

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

/** The JSON Schema of each kind of field. */
const kinds: Record<keyof SessionKinds | keyof MessageKinds, JsonSchema> = {
  ...{ id, handle: text, name: text, text, flag, count, amount, time, json: { type: 'object' } },
  tags: { type: 'array', items: text },
  origin: recordOf({ sessionId: id, messageId: orNull(id) }),
  role: { enum: ['user', 'assistant', 'tool', 'context', 'title'] },
  status: { enum: ['complete', 'running', 'interrupted', 'failed'] },
  parts: { type: 'array', items: { $ref: 'part.json' } },
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

/** The schemas of the JSON of sessions and messages, by their files. */
export function fieldSchemas(): Record<string, string> {
  const { costNanoUsd, ...session } = schemasOf(sessionFields);
  const { sessionId, ...message } = schemasOf(messageFields);
  if (!costNanoUsd || !sessionId) throw new Error('The JSON has other names for these fields.');
  return {
    'packages/cli/schemas/session.json': fileOf('session.json', 'A session', {
      ...session,
      ...{ totalTokens: count, costUsd: orNull(amount) },
    }),
    'packages/cli/schemas/message.json': fileOf('message.json', 'A message of a session', {
      ...message,
      ...{ costUsd: orNull(amount), rawFinishReason: orNull(text) },
    }),
  };
}

function schemasOf(
  table: Record<string, Field<SessionKinds & MessageKinds, unknown>>,
): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(table).map(([name, { kind, empty }]) => [
      name,
      empty === null ? orNull(kinds[kind]) : kinds[kind],
    ]),
  );
}

function recordOf(properties: Record<string, JsonSchema>): JsonSchema {
  return { type: 'object', required: Object.keys(properties), properties };
}

function orNull(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: 'null' }] };
}

function fileOf($id: string, title: string, properties: Record<string, JsonSchema>): string {
  const $schema = 'https://json-schema.org/draft/2020-12/schema';
  return `${JSON.stringify({ $schema, $id, title, ...recordOf(properties) }, null, 2)}\n`;
}
