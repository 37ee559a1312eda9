import type { JsonObject, ReasoningPart, Replay, TextPart, ToolCallPart } from '@synapse/core';
import { toRecord, toRecords } from '@synapse/provider-http';

const DIALECT = 'openai-chat';

// Providers that bind reasoning to the whole earlier request.
const BOUND = /^(?:anthropic|openai|azure|xai)/;

/** The fields in which servers send and expect readable reasoning. */
export type ReasoningField = 'reasoning_content' | 'reasoning';

export function toReasoningReplay(field: ReasoningField): Replay {
  return { dialect: DIALECT, data: { type: 'reasoning', field } };
}

/** Reasoning that a router passed on from the provider, including encrypted pieces. */
export function toDetailsReplay(details: JsonObject[]): Replay {
  const isBound = details.some(({ format }) => typeof format === 'string' && BOUND.test(format));
  return { dialect: DIALECT, data: { type: 'details', details }, ...(isBound && { isBound }) };
}

/** Fields that a server added to a call or to a whole message. */
export function toFieldsReplay(fields: JsonObject): Replay {
  return { dialect: DIALECT, data: { type: 'fields', fields } };
}

const USUAL = new Set(['role', 'content', 'refusal', 'function_call', 'tool_calls', 'audio']);

/** The fields of a message that the dialect doesn't know. */
export function addedFields(fields: Record<string, unknown>): JsonObject {
  const added = Object.entries(fields).filter(([name]) => !USUAL.has(name));
  return Object.fromEntries(added) as JsonObject;
}

/** The parts to send back besides the content of a message: its reasoning and the server's fields. */
export function messageFields(
  parts: readonly (TextPart | ReasoningPart | ToolCallPart)[],
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  const reasoning = new Map<string, string>();
  const details: unknown[] = [];
  for (const part of parts) {
    const data = dataOf(part.replay);
    if (part.type === 'tool-call' || data === null) continue;
    if (data.type === 'fields') Object.assign(fields, addedFields(toRecord(data.fields)));
    else if (data.type === 'details') details.push(...toRecords(data.details).filter(hasType));
    else if (part.text !== '') {
      const field = data.field === 'reasoning' ? 'reasoning' : 'reasoning_content';
      reasoning.set(field, (reasoning.get(field) ?? '') + part.text);
    }
  }
  if (details.length > 0) return { ...fields, reasoning_details: details };
  return { ...fields, ...Object.fromEntries(reasoning) };
}

export function callFields({ replay }: ToolCallPart): Record<string, unknown> {
  return toRecord(dataOf(replay)?.fields);
}

function dataOf(replay: Replay | undefined): Record<string, unknown> | null {
  return replay?.dialect === DIALECT ? toRecord(replay.data) : null;
}

function hasType({ type }: Record<string, unknown>): boolean {
  return typeof type === 'string';
}
