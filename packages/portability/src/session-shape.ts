import { parseHandle, type Message, emptySession, type Session } from '@synapse/core';
import { isId, type Cost } from '@synapse/core/store-kit';
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
  type Shape,
} from './shape.ts';

const id = textThat(isId, 'an id');
const handle = textThat(isHandle, 'a name that a session can have');

/** Reads what `sessionToJson` writes; the figures are left empty, as the messages tell them. */
export const sessionShape: Shape<Session> = record((field) => ({
  ...emptySession({ id: field('id', id), createdAt: field('createdAt', moment) }),
  handle: field('handle', nullable(handle)),
  title: field('title', nullable(text)),
  provider: field('provider', nullable(text)),
  model: field('model', nullable(text)),
  systemPrompt: field('systemPrompt', nullable(text)),
  workingDirectory: field('workingDirectory', nullable(text)),
  tags: [...new Set(field('tags', list(text)))].sort(),
  pinned: field('pinned', flag),
  archived: field('archived', flag),
  deletedAt: field('deletedAt', nullable(moment)),
  forkedFrom: field(
    'forkedFrom',
    nullable(
      record((origin) => ({
        sessionId: origin('sessionId', id),
        messageId: origin('messageId', nullable(id)),
      })),
    ),
  ),
  owner: field('owner', nullable(text)),
  metadata: field('metadata', jsonObject),
  updatedAt: field('updatedAt', moment),
}));

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

const finishReason = oneOf('stop', 'length', 'tool-calls', 'content-filter', 'refusal', 'unknown');

/** Reads what `messageToJson` writes, and what it wrote before there were variants. */
export const messageShape: Shape<Omit<Message, 'sessionId'>> = record((field) => {
  const unified = field('finishReason', nullable(finishReason));
  return {
    id: field('id', id),
    seq: field('seq', count),
    turn: field('turn', count),
    variantOf: field('variantOf', optional(nullable(count))) ?? null,
    active: field('active', optional(flag)) ?? true,
    role: field('role', oneOf('user', 'assistant', 'tool', 'context', 'title')),
    status: field('status', oneOf('complete', 'running', 'interrupted', 'failed')),
    parts: field('parts', list(partShape)),
    provider: field('provider', nullable(text)),
    model: field('model', nullable(text)),
    askedProvider: field('askedProvider', optional(nullable(text))) ?? null,
    askedModel: field('askedModel', optional(nullable(text))) ?? null,
    usage: field('usage', nullable(usage)),
    cost: field('cost', nullable(cost)),
    latencyMs: field('latencyMs', nullable(amount)),
    timeToFirstTokenMs: field('timeToFirstTokenMs', nullable(amount)),
    finishReason: unified && {
      unified,
      raw: field('rawFinishReason', optional(nullable(text))) ?? null,
    },
    error: field(
      'error',
      nullable(record((error) => ({ code: error('code', text), message: error('message', text) }))),
    ),
    copyOf: field('copyOf', optional(nullable(id))) ?? null,
    createdAt: field('createdAt', moment),
  };
});

function isHandle(value: string): boolean {
  try {
    return parseHandle(value) === value;
  } catch {
    return false;
  }
}
