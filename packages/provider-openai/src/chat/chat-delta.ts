import { toRecord, toRecords, toText, type EventData } from '@synapse/provider-http';

export interface DeltaTexts {
  text: string;
  reasoning: string;
}

/** What a delta says, wherever the server puts it. */
export function toDeltaTexts(delta: Record<string, unknown>): DeltaTexts {
  const reasoning =
    toText(delta.reasoning_content) ||
    toText(delta.reasoning) ||
    toRecords(delta.reasoning_details).map(detailText).join('');
  if (!Array.isArray(delta.content)) return { text: toText(delta.content), reasoning };
  // Some answer in parts, of which those of type thinking hold parts again.
  const parts = delta.content.map(toRecord);
  return {
    text: parts.map((part) => toText(part.text)).join(''),
    reasoning: reasoning + parts.map((part) => thinkingOf(part.thinking)).join(''),
  };
}

/** The delta of a chunk that says nothing but text. */
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

/** The calls, where they are not those of the first days, one in an answer and without an id. */
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
