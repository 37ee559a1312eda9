import { toRecord, toText } from '@synapse/provider-http';

export interface DeltaTexts {
  text: string;
  reasoning: string;
}

/** What a delta says, wherever the server puts it. */
export function toDeltaTexts(delta: Record<string, unknown>): DeltaTexts {
  const reasoning = toText(delta.reasoning_content) || toText(delta.reasoning);
  if (!Array.isArray(delta.content)) return { text: toText(delta.content), reasoning };
  // Some answer in parts, of which those of type thinking hold parts again.
  const parts = delta.content.map(toRecord);
  return {
    text: parts.map((part) => toText(part.text)).join(''),
    reasoning: reasoning + parts.map((part) => thinkingOf(part.thinking)).join(''),
  };
}

function thinkingOf(thinking: unknown): string {
  if (!Array.isArray(thinking)) return toText(thinking);
  return thinking.map((part) => toText(toRecord(part).text)).join('');
}
