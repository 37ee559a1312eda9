import { toRecord, toRecords, toText } from '@synapse/provider-http';

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
