import type { JsonValue } from '../session/json-value.ts';
import type { Part } from '../session/part.ts';
import { joinTokens } from './tokenize-text.ts';

// The output of a tool is mostly files; users look for text near its beginning.
const MAX_OUTPUT_LENGTH = 64 * 1024;
// PostgreSQL's tsvector holds one MiB, and a character takes up to four bytes.
const MAX_TEXT_LENGTH = 250_000;

/**
 * The text that every store indexes for a message: its tokens with a space between them, in order.
 * A phrase occurs in a message exactly if it occurs in this text, between spaces.
 */
export function searchTextOf(parts: readonly Part[]): string {
  const tokens = joinTokens(searchedTextOf(parts));
  if (tokens.length < MAX_TEXT_LENGTH) return tokens;
  return tokens.slice(0, tokens.lastIndexOf(' ', MAX_TEXT_LENGTH - 1));
}

/** The searchable text of a message, as written: everything except the model's reasoning. */
export function searchedTextOf(parts: readonly Part[]): string {
  return parts.flatMap(searchedPieces).join('\n').slice(0, MAX_TEXT_LENGTH);
}

function searchedPieces(part: Part): string[] {
  switch (part.type) {
    case 'text':
      return [part.text];
    case 'reasoning':
    case 'context':
    case 'title':
      return [];
    case 'tool-call':
      return [part.name, ...(part.invalidInput ? [part.invalidInput] : stringsIn(part.input))];
    case 'tool-result':
      return [part.output.slice(0, MAX_OUTPUT_LENGTH), ...(part.attachments ?? []).map(nameOf)];
    case 'image':
    case 'file':
      return [nameOf(part.attachment)];
    case 'raw':
      return [part.kind, ...stringsIn(part.data)];
  }
}

function nameOf(attachment: { name: string | null }): string {
  return attachment.name ?? '';
}

function stringsIn(value: JsonValue): string[] {
  // A queue, not recursion: the data of a model may be nested deeper than the stack.
  const strings: string[] = [];
  const queue = [value];
  for (const item of queue) {
    if (typeof item === 'string') strings.push(item);
    else if (item !== null && typeof item === 'object') {
      for (const inner of Object.values<JsonValue>(item)) queue.push(inner);
    }
  }
  return strings;
}
