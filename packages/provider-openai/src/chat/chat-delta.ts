import type { JsonObject } from '@synapse/core';
import { toRecord, toRecords, toText, type EventData } from '@synapse/provider-http';
import { addedFields, type ReasoningField } from './chat-replay.ts';

export interface DeltaTexts {
  text: string;
  reasoning: string;
  /** The name of the field with the reasoning, if it has its own. */
  reasoningField: ReasoningField | null;
}

/** The content of a delta, wherever the server puts it. */
export function toDeltaTexts(delta: Record<string, unknown>): DeltaTexts {
  const reasoningField = FIELDS.find((field) => toText(delta[field]) !== '') ?? null;
  const reasoning =
    reasoningField === null
      ? toRecords(delta.reasoning_details).map(detailText).join('')
      : toText(delta[reasoningField]);
  if (!Array.isArray(delta.content)) {
    return { text: toText(delta.content), reasoning, reasoningField };
  }
  // Some servers send parts; those of type thinking contain parts again.
  const parts = delta.content.map(toRecord);
  return {
    text: parts.map((part) => toText(part.text)).join(''),
    reasoning: reasoning + parts.map((part) => thinkingOf(part.thinking)).join(''),
    reasoningField,
  };
}

const FIELDS: readonly ReasoningField[] = ['reasoning_content', 'reasoning'];

/** Extra fields of the message from the server, such as a signature; null if there are none. */
export function toDeltaFields(delta: Record<string, unknown>): JsonObject | null {
  const added = Object.entries(addedFields(delta)).filter(([, value]) => isObject(value));
  return added.length === 0 ? null : Object.fromEntries(added);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The delta of a chunk that contains only text. */
export function toPlainDelta(chunk: EventData): { content: string } | undefined {
  const { choices, usage, error, x_groq } = chunk;
  if (!Array.isArray(choices) || choices.length !== 1 || usage || error || x_groq) return undefined;
  const { delta, finish_reason } = toRecord(choices[0]);
  if (finish_reason || !isPlain(toRecord(delta))) return undefined;
  return delta as { content: string };
}

function isPlain(delta: Record<string, unknown>): boolean {
  const isText = typeof delta.content === 'string';
  return isText && Object.keys(delta).every((name) => name === 'content' || name === 'role');
}

/** Whether a delta continues the answer: some servers send empty ones after its end. */
export function isPieceOfAnswer(delta: Record<string, unknown>): boolean {
  return Object.entries(delta).some(([name, value]) => {
    if (name === 'role' || value === null || value === '') return false;
    return !Array.isArray(value) || value.length > 0;
  });
}

/** The tool calls, without the oldest form, which allowed one call without an id. */
export function toDeltaCalls(delta: Record<string, unknown>): unknown {
  const legacy = toRecord(delta.function_call);
  return Object.keys(legacy).length > 0 ? [{ function: legacy }] : delta.tool_calls;
}

function detailText(detail: Record<string, unknown>): string {
  return toText(detail.text) || toText(detail.summary);
}

function thinkingOf(thinking: unknown): string {
  if (!Array.isArray(thinking)) return toText(thinking);
  return thinking.map((part) => toText(toRecord(part).text)).join('');
}
