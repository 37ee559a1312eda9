import { createHash } from 'node:crypto';
import type {
  AttachmentReference,
  JsonObject,
  Part,
  ToolCallPart,
  ToolResultPart,
} from '@synapse/core';
import type { RelayedMessage, RelayedRequest } from '@synapse/app/relay/relayed-request';
import { isDeep, type ClientValue } from './client-fields.ts';

// Claude Code puts a line of its own in front of its prompt, which changes with every request.
const BILLING_LINE = 'x-anthropic-billing-header:';

/** Puts the conversation of a request together, message by message, in the terms of core. */
export class ConversationBuilder {
  readonly #system: string[] = [];
  readonly #messages: RelayedMessage[] = [];
  readonly #contents = new Map<string, Uint8Array>();
  readonly #calls = new Map<string, string>();

  addSystem(text: string): void {
    if (text.trim() !== '' && !text.startsWith(BILLING_LINE)) this.#system.push(text);
  }

  /** Joins neighbours of the same role: clients split what one answer or one question was. */
  add(role: RelayedMessage['role'], parts: readonly Part[]): void {
    if (parts.length === 0) return;
    const last = this.#messages.at(-1);
    const message = last?.role === role ? last : { role, parts: [] };
    if (message !== last) this.#messages.push(message);
    for (const part of parts) {
      if (part.type === 'tool-call') this.#calls.set(part.id, part.name);
      message.parts.push(part);
    }
  }

  /** A result; `content` is what the tool returned, in text, images and files. */
  addResult(id: string, content: readonly Part[], isError = false): void {
    const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
    const attachments = content.flatMap((part) =>
      part.type === 'image' || part.type === 'file' ? [part.attachment] : [],
    );
    const result: ToolResultPart = {
      ...{ type: 'tool-result', id, name: this.#calls.get(id) ?? 'unknown' },
      ...{ output: texts.join('\n'), isError },
      ...(attachments.length > 0 && { attachments }),
    };
    this.add('tool', [result]);
  }

  /** An image or a file, from `data:image/png;base64,…`. */
  fromDataUrl(url: ClientValue, name: string | null = null): Part {
    const text = url.text();
    const comma = text.indexOf(',');
    const [mediaType = '', ...options] = text.slice(0, Math.max(comma, 0)).split(';');
    if (!/^data:.+/.test(mediaType) || options.at(-1) !== 'base64') {
      throw url.invalid('must be a data URL with base64: Synapse does not fetch addresses.');
    }
    return this.attach(decode(text.slice(comma + 1), url), mediaType.slice(5), name);
  }

  fromBase64(data: ClientValue, mediaType: string, name: string | null = null): Part {
    return this.attach(decode(data.text(), data), mediaType, name);
  }

  attach(bytes: Uint8Array, mediaType: string, name: string | null): Part {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.#contents.set(sha256, bytes);
    const type = mediaType.toLowerCase();
    const attachment: AttachmentReference = {
      ...{ sha256, mediaType: type, name, byteLength: bytes.byteLength },
    };
    return { type: type.startsWith('image/') ? 'image' : 'file', attachment };
  }

  build(): Pick<RelayedRequest, 'systemPrompt' | 'messages' | 'contents'> {
    return {
      systemPrompt: this.#system.length === 0 ? null : this.#system.join('\n\n'),
      messages: this.#messages,
      contents: this.#contents,
    };
  }
}

/** A text as a part; an empty one is none. */
export function textParts(text: string): Part[] {
  return text === '' ? [] : [{ type: 'text', text }];
}

/** A call as the client repeats it; arguments that are no JSON object were never run. */
export function toCall(id: string, name: string, input: string): ToolCallPart {
  const call = { type: 'tool-call' as const, id, name };
  if (input.trim() === '') return { ...call, input: {} };
  const parsed = parseObject(input);
  return parsed ? { ...call, input: parsed } : { ...call, input: {}, invalidInput: input };
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && !isDeep(value as JsonObject) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function decode(data: string, where: ClientValue): Uint8Array {
  const bytes = Buffer.from(data, 'base64');
  if (bytes.byteLength === 0 && data.trim() !== '') throw where.invalid('must contain base64.');
  return bytes;
}
