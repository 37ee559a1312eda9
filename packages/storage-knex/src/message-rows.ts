import type { FinishReason, Message, Part, Usage } from '@synapse/core';
import {
  searchTextOf,
  type Cost,
  type LedgerEntry,
  type MessageError,
  type ToldMessage,
} from '@synapse/core/store-kit';
import type { CallColumns, MessageRow } from './rows.ts';
import { sealMessage, type ReadRow, type ToldRow } from './seal-message.ts';
import { fromStoredTextOrNull, toStoredTextOrNull } from './stored-text.ts';

export function toMessageRow(message: Message): MessageRow {
  const row = {
    id: message.id,
    session_id: message.sessionId,
    seq: message.seq,
    turn: message.turn,
    variant_of: message.variantOf,
    active: message.active ? 1 : 0,
    role: message.role,
    parts: JSON.stringify(message.parts),
    search_text: searchTextOf(message.parts),
    error: toJson(message.error),
    copy_of: message.copyOf,
    asked_provider: toStoredTextOrNull(message.askedProvider),
    asked_model: toStoredTextOrNull(message.askedModel),
    ...toCallColumns(message),
  };
  return { ...row, content_sha256: sealMessage(row) };
}

type Call = Pick<LedgerEntry, Exclude<keyof LedgerEntry, 'id' | 'sessionId' | 'kind' | 'origin'>>;

export function toCallColumns(call: Call): CallColumns {
  const { usage, cost } = call;
  return {
    status: call.status,
    provider: toStoredTextOrNull(call.provider),
    model: toStoredTextOrNull(call.model),
    input_tokens: usage?.inputTokens ?? null,
    output_tokens: usage?.outputTokens ?? null,
    cache_read_tokens: usage?.cacheReadTokens ?? null,
    cache_write_tokens: usage?.cacheWriteTokens ?? null,
    reasoning_tokens: usage?.reasoningTokens ?? null,
    usage_estimated: usage && (usage.estimated ? 1 : 0),
    cost_nano_usd: cost?.nanoUsd ?? null,
    price: toJson(cost?.price),
    latency_ms: call.latencyMs,
    time_to_first_token_ms: call.timeToFirstTokenMs,
    finish_reason: toJson(call.finishReason),
    created_at: call.createdAt.getTime(),
  };
}

export function fromToldRow(row: ToldRow): ToldMessage {
  return {
    seq: row.seq,
    turn: row.turn,
    role: row.role as Message['role'],
    parts: JSON.parse(row.parts) as Part[],
    provider: fromStoredTextOrNull(row.provider),
    model: fromStoredTextOrNull(row.model),
    askedProvider: fromStoredTextOrNull(row.asked_provider),
    askedModel: fromStoredTextOrNull(row.asked_model),
  };
}

export function fromMessageRow(row: ReadRow): Message {
  // Name by name: an object that is spread into a longer one costs as much as reading the row.
  const told = fromToldRow(row);
  const { seq, turn, role, parts, provider, model, askedProvider, askedModel } = told;
  return {
    id: row.id,
    sessionId: row.session_id,
    seq,
    turn,
    variantOf: row.variant_of,
    active: row.active === 1,
    role,
    status: row.status as Message['status'],
    parts,
    provider,
    model,
    askedProvider,
    askedModel,
    usage: usageOf(row),
    cost: costOf(row),
    latencyMs: row.latency_ms,
    timeToFirstTokenMs: row.time_to_first_token_ms,
    finishReason: fromJson(row.finish_reason) as FinishReason | null,
    error: fromJson(row.error) as MessageError | null,
    copyOf: row.copy_of,
    createdAt: new Date(row.created_at),
  };
}

export function fromCallColumns(row: CallColumns): Call {
  return {
    status: row.status as Message['status'],
    provider: fromStoredTextOrNull(row.provider),
    model: fromStoredTextOrNull(row.model),
    usage: usageOf(row),
    cost: costOf(row),
    latencyMs: row.latency_ms,
    timeToFirstTokenMs: row.time_to_first_token_ms,
    finishReason: fromJson(row.finish_reason) as FinishReason | null,
    createdAt: new Date(row.created_at),
  };
}

function usageOf(row: CallColumns): Usage | null {
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

function costOf(row: CallColumns): Cost | null {
  const price = fromJson(row.price) as Cost['price'] | null;
  return price && { nanoUsd: row.cost_nano_usd ?? 0, price };
}

function toJson(value: object | string | null | undefined): string | null {
  return value ? JSON.stringify(value) : null;
}

function fromJson(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}
