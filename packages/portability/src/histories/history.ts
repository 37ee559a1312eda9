import type { JsonObject, Part, Usage } from '@synapse/core';

/** The history format of another tool. A reader keeps everything it understands, and reports the rest. */
export interface HistoryFormat {
  /** The name of the tool, which becomes the origin of its sessions. */
  readonly tool: string;
  /** Whether a file has this format, judged by its name and its first 64 KiB, or for a database by its tables. */
  detects(file: HistoryFile, beginning: string): boolean | Promise<boolean>;
  /**
   * The conversations of a file, in its order. Calls `skip` for each record that is left out, and continues after
   * damage. Throws only if the file cannot be read at all.
   */
  read(file: HistoryFile, skip: Skip): AsyncIterable<History>;
  /** The number of conversations in a file; without it a file has one. */
  count?(file: HistoryFile): Promise<number>;
}

export interface HistoryFile {
  path: string;
  byteLength: number;
  modifiedAt: Date;
  bytes(): AsyncIterable<Uint8Array>;
  /** This file and the others of its archive, or of the folder that is `levelsUp` above its own, and below that. */
  around?(levelsUp?: number): Promise<readonly HistoryFile[]>;
}

/** `place` is a line or a record; `isDamage` tells it from records that have no place in a session. */
export type Skip = (place: string, reason: string, isDamage?: boolean) => void;

/** A conversation as its tool has it: a tree of messages, of which one path is the active one. */
export interface History {
  /** The tool's own id; the session of the same id is always the same. */
  id: string;
  title: string | null;
  /** `new Date(0)` if the file has no time: the session gets that of the file. The same for a message. */
  createdAt: Date;
  workingDirectory?: string | undefined;
  model?: string | undefined;
  provider?: string | undefined;
  systemPrompt?: string | undefined;
  isArchived?: boolean | undefined;
  isPinned?: boolean | undefined;
  /** Each one word. */
  tags?: readonly string[] | undefined;
  /** Facts about the origin, such as the version of the tool. */
  metadata?: JsonObject | undefined;
  /** The history whose tool call started this one. */
  parentId?: string | undefined;
  /** The history of which this one begins with a copy, as far as the file says so. */
  copiedFromId?: string | undefined;
  /** Each after its parent. */
  nodes: readonly HistoryNode[];
  /** The last node of the active path; by default the last node of all. */
  activeId?: string | null | undefined;
}

export interface HistoryNode {
  id: string;
  parentId: string | null;
  /** The id that the provider gave to the answer, or another that copies of the message keep. */
  key?: string | undefined;
  role: 'user' | 'assistant' | 'tool';
  parts: HistoryPart[];
  createdAt: Date;
  provider?: string | undefined;
  model?: string | undefined;
  usage?: Usage | undefined;
  isInterrupted?: boolean | undefined;
  /**
   * The file does not show its end, so that more of it may follow; false for an answer that may have been written part
   * by part, and has ended.
   */
  isOpen?: boolean | undefined;
}

/** A part, with the bytes of an attachment that is not stored yet. */
export type HistoryPart = Exclude<Part, { type: 'image' | 'file' }> | HistoryAttachment;

export interface HistoryAttachment {
  type: 'image' | 'file';
  mediaType: string;
  name: string | null;
  bytes: Uint8Array;
  /** A tool returned it with the result before it. */
  isOfResult?: true;
}
