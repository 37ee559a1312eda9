import type { JsonObject, JsonValue, ToolCallPart } from '@synapse/core';
import type { HistoryAttachment } from './history.ts';
import { asRecord, textIn } from './json-values.ts';

/** The arguments of a call, as an object or as its JSON; other text is kept as invalid input. */
export function toCall(id: string, name: string, given: JsonValue | undefined): ToolCallPart {
  const value = typeof given === 'string' ? (parseJson(given) ?? given) : (given ?? {});
  if (typeof value === 'object' && !Array.isArray(value)) {
    // This is how the exports of Synapse write invalid input.
    const invalid = textIn(value, 'invalid_arguments');
    const isInvalid = invalid !== undefined && Object.keys(value).length === 1;
    return { type: 'tool-call', id, name, ...toInput(value, isInvalid ? invalid : undefined) };
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { type: 'tool-call', id, name, ...toInput({}, text === '' ? undefined : text) };
}

function toInput(input: JsonObject, invalidInput: string | undefined) {
  return invalidInput === undefined ? { input } : { input: {}, invalidInput };
}

export function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** The text of a list of blocks that each have a text; another block as JSON, so that nothing of it is lost. */
export function textOfBlocks(content: JsonValue): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return JSON.stringify(content);
  return content
    .map((block) => textIn(asRecord(block), 'text') ?? JSON.stringify(block))
    .join('\n');
}

/** The attachment of an address that holds its bytes. */
export function fromDataUrl(url: string, name: string | null): HistoryAttachment | null {
  const head = /^data:([a-z0-9.+-]+\/[a-z0-9.+-]+)(?:;[a-z0-9=-]+)*;base64,/i.exec(
    url.slice(0, 200),
  );
  const mediaType = head?.[1]?.toLowerCase();
  if (!head || mediaType === undefined) return null;
  const type = mediaType.startsWith('image/') ? 'image' : 'file';
  return { type, mediaType, name, bytes: Buffer.from(url.slice(head[0].length), 'base64') };
}
