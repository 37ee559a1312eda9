import type { Message, Usage } from '@synapse/core';
import {
  DamagedDataError,
  searchTextOf,
  type Cost,
  type PromptMessage,
} from '@synapse/core/store-kit';
import {
  columnsMaker,
  fieldsMaker,
  messageFieldColumns,
  type MessageColumns,
} from './field-columns.ts';
import type { Call, CallColumns, MessageRow, UsageColumns } from './rows.ts';
import { isMessageIntact, sealMessage, type ReadRow, type PromptRow } from './seal-message.ts';
import { fromStoredTextOrNull } from './stored-text.ts';
import type { Tables } from './tables.ts';

const usageColumns = [
  ...(['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens'] as const),
  ...(['reasoning_tokens', 'usage_estimated', 'cost_nano_usd', 'price'] as const),
] satisfies (keyof UsageColumns)[];

const toColumns = columnsMaker(messageFieldColumns, [
  ...[...usageColumns, 'search_text', 'content_sha256'],
]);
const fromColumns = fieldsMaker(messageFieldColumns, ['usage', 'cost']);

export function toMessageRow(message: Message): MessageRow {
  const row = Object.assign(toColumns(message) as MessageRow, toUsageColumns(message));
  row.search_text = searchTextOf(message.parts);
  row.content_sha256 = sealMessage(row);
  return row;
}

// Written out field by field for speed, because a request waits for this.
export function fromPromptRow(row: PromptRow, parts: Message['parts']): PromptMessage {
  return {
    seq: row.seq,
    turn: row.turn,
    role: row.role as Message['role'],
    parts,
    provider: fromStoredTextOrNull(row.provider),
    model: fromStoredTextOrNull(row.model),
    askedProvider: fromStoredTextOrNull(row.asked_provider),
    askedModel: fromStoredTextOrNull(row.asked_model),
  };
}

export function fromMessageRow(row: ReadRow): Message {
  const message = fromColumns(row) as Message;
  message.usage = usageOf(row);
  message.cost = costOf(row);
  return message;
}

/** Throws a DamagedDataError if the row does not match its seal, or belongs to another session. */
export function verifiedMessage(tables: Tables, row: ReadRow, sessionId: string): Message {
  const isTrusted = tables.dialect.checksPages;
  if (isTrusted || (row.session_id === sessionId && isMessageIntact(row))) {
    return fromMessageRow(row);
  }
  throw damagedMessage(sessionId, row);
}

export function damagedMessage(sessionId: string, { seq }: { seq: number }): DamagedDataError {
  return new DamagedDataError(`Message ${seq} of session ${sessionId}`, sessionId, seq);
}

const callFields: ReadonlySet<string> = new Set<keyof Call>([
  ...(['status', 'provider', 'model', 'latencyMs', 'timeToFirstTokenMs'] as const),
  ...(['finishReason', 'createdAt'] as const),
]);
const callFieldColumns = messageFieldColumns.filter(({ name }) => callFields.has(name));
const toCallFieldColumns = columnsMaker(callFieldColumns, usageColumns);
const fromCallFieldColumns = fieldsMaker(callFieldColumns, ['usage', 'cost']);

export const callColumns = [...callFieldColumns.map(({ column }) => column), ...usageColumns];

/** The columns to build and check a message, without those for search. */
export const messageColumns = [
  ...(messageFieldColumns.map(({ column }) => column) as (keyof MessageColumns)[]),
  ...usageColumns,
  'content_sha256' as const,
];

export function toCallColumns(call: Call): CallColumns {
  return Object.assign(toCallFieldColumns(call) as CallColumns, toUsageColumns(call));
}

export function fromCallColumns(row: CallColumns): Call {
  const call = fromCallFieldColumns(row) as Call;
  call.usage = usageOf(row);
  call.cost = costOf(row);
  return call;
}

function toUsageColumns({ usage, cost }: Pick<Call, 'usage' | 'cost'>): UsageColumns {
  return {
    input_tokens: usage?.inputTokens ?? null,
    output_tokens: usage?.outputTokens ?? null,
    cache_read_tokens: usage?.cacheReadTokens ?? null,
    cache_write_tokens: usage?.cacheWriteTokens ?? null,
    reasoning_tokens: usage?.reasoningTokens ?? null,
    usage_estimated: usage && (usage.estimated ? 1 : 0),
    cost_nano_usd: cost?.nanoUsd ?? null,
    price: cost && JSON.stringify(cost.price),
  };
}

function usageOf(row: UsageColumns): Usage | null {
  if (row.usage_estimated === null) return null;
  return {
    inputTokens: row.input_tokens ?? 0,
    outputTokens: row.output_tokens ?? 0,
    cacheReadTokens: row.cache_read_tokens ?? 0,
    cacheWriteTokens: row.cache_write_tokens ?? 0,
    reasoningTokens: row.reasoning_tokens ?? 0,
    estimated: row.usage_estimated === 1,
  };
}

function costOf(row: UsageColumns): Cost | null {
  if (row.price === null) return null;
  return { nanoUsd: row.cost_nano_usd ?? 0, price: JSON.parse(row.price) as Cost['price'] };
}
