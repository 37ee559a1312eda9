import {
  type AttachmentReference,
  type JsonObject,
  type ToolOutput,
  clipText,
} from '@synapse/core';
import { MAX_CONTENT_ITEMS } from './connection/limits.ts';
import { canonicalJson } from './discovery/canonical-json.ts';

/** Stores bytes and returns a reference to them. */
export type StoreAttachment = (
  bytes: Uint8Array,
  mediaType: string,
  name: string | null,
) => Promise<AttachmentReference>;

export interface CallResultOptions {
  keep: StoreAttachment;
  /** The limit of the output; longer text is stored as an attachment, and the output is cut with a note. */
  maxOutputLength: number;
}

/** The result of a server: text for the model, and attachments for everything else. */
export async function fromCallResult(
  result: JsonObject,
  { keep, maxOutputLength }: CallResultOptions,
): Promise<ToolOutput> {
  const attachments: AttachmentReference[] = [];
  const texts: string[] = [];
  const keepOne = async (bytes: Uint8Array, mediaType: string, name: string | null) => {
    try {
      attachments.push(await keep(bytes, mediaType, name));
      return true;
    } catch {
      return false;
    }
  };
  const content = Array.isArray(result.content) ? result.content : [];
  for (const item of content.slice(0, MAX_CONTENT_ITEMS)) texts.push(await toText(item, keepOne));
  if (content.length > MAX_CONTENT_ITEMS) {
    texts.push(`[${content.length - MAX_CONTENT_ITEMS} more items were left out]`);
  }
  const { structuredContent } = result;
  if (structuredContent !== undefined && !isRepeated(structuredContent, content)) {
    texts.push(toJson(structuredContent));
  }
  let output = texts.join('\n').toWellFormed();
  if (output.length > maxOutputLength) {
    const isKept = await keepOne(Buffer.from(output), 'text/plain', 'output.txt');
    const note = isKept ? 'the whole is attached as output.txt' : 'the rest could not be kept';
    output = `${output.slice(0, maxOutputLength).toWellFormed()}\n[cut at ${maxOutputLength} of ${output.length} characters; ${note}]`;
  }
  return { output, isError: result.isError === true, attachments };
}

/**
 * Servers should repeat structured content as text, but not all do. A plain value is often wrapped
 * in an object, such as `result` or `content`, and repeated without the object.
 */
function isRepeated(structured: unknown, content: readonly unknown[]): boolean {
  const [wrapped, ...others] = Object.values(asObject(structured));
  const isWrapped = wrapped !== undefined && others.length === 0;
  try {
    const values = (isWrapped ? [structured, wrapped] : [structured]).map(canonicalJson);
    return content.slice(0, MAX_CONTENT_ITEMS).some((item) => {
      const { type, text } = asObject(item);
      if (type !== 'text') return false;
      return (isWrapped && text === wrapped) || values.includes(canonicalJson(parse(text)));
    });
  } catch {
    return false;
  }
}

/** Undefined if the content is not text, or not JSON. */
function parse(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value, null, 2);
  } catch {
    return '[structured content left out: it is nested too deeply]';
  }
}

type StoreContent = (bytes: Uint8Array, mediaType: string, name: string | null) => Promise<boolean>;

async function toText(item: unknown, keepOne: StoreContent): Promise<string> {
  const { type, text, data, mimeType, resource, uri, name } = asObject(item);
  switch (type) {
    case 'text':
      return typeof text === 'string' ? text : '';
    case 'image':
    case 'audio':
      return keepData(type, data, mimeType, null, keepOne);
    case 'resource': {
      const embedded = asObject(resource);
      const place = shorten(embedded.uri);
      if (typeof embedded.text === 'string') return `[resource ${place}]\n${embedded.text}`;
      const { blob, mimeType } = embedded;
      return keepData('resource', blob, mimeType, fileName(embedded.uri), keepOne);
    }
    case 'resource_link':
      return `[link to resource ${shorten(uri)}${typeof name === 'string' ? `, "${shorten(name)}"` : ''}]`;
    default:
      return `[content of the unknown type "${shorten(type)}" was left out]`;
  }
}

async function keepData(
  kind: string,
  data: unknown,
  mimeType: unknown,
  name: string | null,
  keepOne: StoreContent,
): Promise<string> {
  const bytes = fromBase64(data);
  if (!bytes) return `[${kind} left out: it is not valid base64]`;
  const mediaType = toMediaType(mimeType);
  const label = `${kind} ${name === null ? '' : `"${name}", `}${mediaType}, ${bytes.length} bytes`;
  return (await keepOne(bytes, mediaType, name))
    ? `[${label}, attached]`
    : `[${label}, could not be kept]`;
}

function fromBase64(data: unknown): Buffer | undefined {
  if (typeof data !== 'string' || data === '') return undefined;
  const bytes = Buffer.from(data, 'base64');
  // Buffer ignores characters that are not base64; the result is then too short.
  const expected = Math.floor((data.replace(/[\s=]+/g, '').length * 3) / 4);
  return bytes.length === expected && bytes.length > 0 ? bytes : undefined;
}

function toMediaType(mimeType: unknown): string {
  const text = typeof mimeType === 'string' ? mimeType.toLowerCase().split(';')[0]?.trim() : '';
  return text && /^[a-z0-9][a-z0-9.+-]{0,60}\/[a-z0-9][a-z0-9.+-]{0,80}$/.test(text)
    ? text
    : 'application/octet-stream';
}

function fileName(uri: unknown): string | null {
  if (typeof uri !== 'string') return null;
  const last = uri.split(/[?#]/)[0]?.split(/[/\\]/).at(-1) ?? '';
  return clipText(last, 80) || null;
}

function shorten(value: unknown): string {
  return typeof value === 'string' ? clipText(value, 200) : '?';
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
