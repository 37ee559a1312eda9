import type { JsonObject, JsonValue } from './json-value.ts';

/**
 * The content of a message. Parts are pure values: stored as one JSON text, exported unchanged, and
 * with the same meaning for every provider.
 */
export type Part =
  | TextPart
  | ReasoningPart
  | ToolCallPart
  | ToolResultPart
  | ImagePart
  | FilePart
  | ContextPart
  | TitlePart
  | RawPart;

export interface TextPart {
  type: 'text';
  text: string;
  /** Written by the program that kept the session, not by the user: neither a title nor a preview. */
  isInjected?: true;
  replay?: Replay;
}

export interface ReasoningPart {
  type: 'reasoning';
  text: string;
  replay?: Replay;
}

/**
 * Data that a provider added to a part and needs back in the next request: a signature, its sealed
 * reasoning, a label. It goes back unchanged, and only to the model that was asked for the answer.
 * Only the adapter whose `dialect` it names understands it.
 */
export interface Replay {
  dialect: string;
  data: JsonValue;
  /** The provider refuses it if anything before it has changed. */
  isBound?: true;
  /** For a bound part: a hash of everything sent before it. */
  prefix?: string;
}

export interface ToolCallPart {
  type: 'tool-call';
  id: string;
  name: string;
  input: JsonObject;
  /**
   * The arguments in the model's text, if they were not a JSON object. Such a call is never run.
   */
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
  /** The whole output if `output` was cut, and any content that is not text. */
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
 * Which messages of the session later requests contain: the complete setting, not a change. The
 * messages themselves don't change. A number of 0 means none.
 */
export interface ContextPart {
  type: 'context';
  /** Replaces the messages up to `summarySeq`. */
  summary: string | null;
  summarySeq: number;
  /** Messages up to this one are left out, unless they are pinned. */
  leftOutSeq: number;
  /** Of identical calls up to this one, only the last result is sent in full. */
  collapsedSeq: number;
  /** Tool output and attachments up to this one are replaced by their names. */
  prunedSeq: number;
  /** Messages that are always sent. */
  pinnedSeqs: number[];
  /** Messages with attachments that a model refused: it gets notes in their place. */
  refused?: RefusedMessage[];
}

export interface RefusedMessage {
  seq: number;
  /** The model that refused. */
  provider: string;
  model: string;
}

/** A name for the session that a model suggested. */
export interface TitlePart {
  type: 'title';
  text: string;
}

/** A record of an imported history that has no other part: shown, searched and exported, never sent. */
export interface RawPart {
  type: 'raw';
  /** The name of the record in its own format. */
  kind: string;
  data: JsonValue;
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
