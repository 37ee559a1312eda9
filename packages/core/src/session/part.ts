import type { JsonObject, JsonValue } from './json-value.ts';

/**
 * What a message is made of. Parts are pure values: they are stored as one JSON text, exported as
 * they are, and mean the same to every provider.
 */
export type Part =
  | TextPart
  | ReasoningPart
  | ToolCallPart
  | ToolResultPart
  | ImagePart
  | FilePart
  | ContextPart
  | TitlePart;

export interface TextPart {
  type: 'text';
  text: string;
  replay?: Replay;
}

export interface ReasoningPart {
  type: 'reasoning';
  text: string;
  replay?: Replay;
}

/**
 * What a provider put on a part and wants to see again in the next request: a signature, its sealed
 * reasoning, a label. It goes back unchanged, to the model that was asked for the answer and to no
 * other. Only the adapter whose `dialect` it names understands it.
 */
export interface Replay {
  dialect: string;
  data: JsonValue;
  /** The provider refuses it if anything before it has changed. */
  isBound?: true;
  /** For a bound part: a hash of everything that was sent before it. */
  prefix?: string;
}

export interface ToolCallPart {
  type: 'tool-call';
  id: string;
  name: string;
  input: JsonObject;
  /** The arguments as they came, when they were no JSON object. Such a call is never executed. */
  invalidInput?: string;
  replay?: Replay;
}

export interface ToolResultPart {
  type: 'tool-result';
  /** The id of the call that this answers. */
  id: string;
  name: string;
  output: string;
  isError: boolean;
  /** The whole output where `output` was cut, and whatever is not text. */
  attachments?: AttachmentReference[];
}

export interface ImagePart {
  type: 'image';
  attachment: AttachmentReference;
}

export interface FilePart {
  type: 'file';
  attachment: AttachmentReference;
}

/**
 * What of the session goes into the requests that follow: all of it, not what has changed. The
 * messages themselves stay as they are. A number of 0 means none.
 */
export interface ContextPart {
  type: 'context';
  /** Stands for the messages up to `summarySeq`. */
  summary: string | null;
  summarySeq: number;
  /** Messages up to this one are left out, unless they are pinned. */
  leftOutSeq: number;
  /** Up to this one, of calls that are alike only the last result is sent whole. */
  collapsedSeq: number;
  /** Up to this one, the output of tools and attachments are only named. */
  prunedSeq: number;
  /** Messages that are always sent. */
  pinnedSeqs: number[];
  /** Messages whose attachments a model refused: it gets notes in their place. */
  refused?: RefusedMessage[];
}

export interface RefusedMessage {
  seq: number;
  /** Who was asked. */
  provider: string;
  model: string;
}

/** A name for the session that a model thought of. */
export interface TitlePart {
  type: 'title';
  text: string;
}

/** Names bytes that the attachment store holds. */
export interface AttachmentReference {
  sha256: string;
  mediaType: string;
  name: string | null;
  byteLength: number;
}

export function isImage({ mediaType }: Pick<AttachmentReference, 'mediaType'>): boolean {
  return mediaType.startsWith('image/');
}

export function textOf(parts: readonly Part[]): string {
  return parts
    .filter((part) => part.type === 'text')
    .map((part) => part.text)
    .join('');
}

export function attachmentsOf(parts: readonly Part[]): AttachmentReference[] {
  const found: AttachmentReference[] = [];
  for (const part of parts) {
    if (part.type === 'image' || part.type === 'file') found.push(part.attachment);
    else if (part.type === 'tool-result') found.push(...(part.attachments ?? []));
  }
  return found;
}
