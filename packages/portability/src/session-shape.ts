import {
  emptySession,
  parseHandle,
  type FinishReason,
  type Message,
  type Session,
} from '@synapse/core';
import {
  isId,
  messageFields,
  sessionFields,
  type Cost,
  type Field,
  type MessageFields,
  type MessageKinds,
  type NewSession,
  type SessionFields,
  type SessionKinds,
} from '@synapse/core/store-kit';
import { partShape } from './part-shape.ts';
import {
  amount,
  count,
  flag,
  jsonObject,
  list,
  moment,
  nullable,
  oneOf,
  optional,
  record,
  text,
  textThat,
  type Fields,
  type Shape,
} from './shape.ts';

const id = textThat(isId, 'an id');
const handle = textThat(isHandle, 'a valid name of a session');

const fieldShapes = {
  ...{ id, name: text, text, flag, count, amount, time: moment, json: jsonObject },
};

const sessionShapes: { [Kind in keyof SessionKinds]: Shape<SessionKinds[Kind]> } = {
  ...fieldShapes,
  handle,
  tags: list(text),
  origin: record((field) => ({
    sessionId: field('sessionId', id),
    messageId: field('messageId', nullable(id)),
  })),
};

/** Reads the output of `sessionToJson`. Fields derived from messages and calls stay empty. */
export const sessionShape: Shape<Session> = record((field) => {
  const read: Record<string, unknown> = {};
  const fields: SessionFields = sessionFields;
  for (const [name, row] of Object.entries(fields)) {
    if (row.setBy === 'messages' || row.setBy === 'ledger') continue;
    read[name] = field(name, shapeOf(row, sessionShapes[row.kind]));
  }
  return emptySession(read as unknown as NewSession);
});

function shapeOf(
  { empty, isNewInExports }: Omit<Field<unknown, unknown>, 'kind'>,
  shape: Shape<unknown>,
): Shape<unknown> {
  const orNull = empty === null ? nullable(shape) : shape;
  if (!isNewInExports) return orNull;
  return (value, place) => (value === undefined ? empty : orNull(value, place));
}

const usage = record((field) => ({
  inputTokens: field('inputTokens', count),
  outputTokens: field('outputTokens', count),
  cacheReadTokens: field('cacheReadTokens', count),
  cacheWriteTokens: field('cacheWriteTokens', count),
  reasoningTokens: field('reasoningTokens', count),
  estimated: field('estimated', flag),
}));

const price = record((field) => ({
  inputPerMillion: field('inputPerMillion', amount),
  outputPerMillion: field('outputPerMillion', amount),
  cacheReadPerMillion: field('cacheReadPerMillion', amount),
  cacheWritePerMillion: field('cacheWritePerMillion', amount),
}));
const priceInForce: Shape<Cost['price']> = (value, place) =>
  value === 'reported' ? value : price(value, place);

const cost = record((field) => ({
  nanoUsd: field('nanoUsd', count),
  price: field('price', priceInForce),
}));

const finishReason = oneOf(
  ...(['stop', 'length', 'tool-calls', 'content-filter', 'refusal', 'unknown'] as const),
);

const messageShapes: {
  [Kind in Exclude<keyof MessageKinds, 'finishReason'>]: Shape<MessageKinds[Kind]>;
} = {
  ...fieldShapes,
  ...{ usage, cost, parts: list(partShape) },
  role: oneOf('user', 'assistant', 'tool', 'context', 'title'),
  status: oneOf('complete', 'running', 'interrupted', 'failed'),
  error: record((field) => ({ code: field('code', text), message: field('message', text) })),
};

/** Reads the output of `messageToJson`, also that of earlier versions. */
export const messageShape: Shape<Omit<Message, 'sessionId'>> = record((field) => {
  const read: Record<string, unknown> = {};
  const fields: MessageFields = messageFields;
  for (const [name, row] of Object.entries(fields)) {
    if (name === 'sessionId') continue;
    if (row.kind === 'finishReason') read[name] = finishReasonOf(field);
    else read[name] = field(name, shapeOf(row, messageShapes[row.kind]));
  }
  return read as unknown as Omit<Message, 'sessionId'>;
});

/** Two fields of the JSON. */
function finishReasonOf(field: Fields): FinishReason | null {
  const unified = field('finishReason', nullable(finishReason));
  return unified && { unified, raw: field('rawFinishReason', optional(nullable(text))) ?? null };
}

function isHandle(value: string): boolean {
  try {
    return parseHandle(value) === value;
  } catch {
    return false;
  }
}
