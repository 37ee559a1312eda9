import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { InvalidDataError } from '@synapse/core';
import type { History, HistoryNode, HistoryPart } from './history.ts';

const MOST_IN_MEMORY = 2 << 20;
/** Shared by the messages that have no parts in memory. */
const NONE: HistoryPart[] = [];
Object.freeze(NONE);

/** A place in the file. */
interface Chunk {
  start: number;
  byteLength: number;
}

type NodeStart = Pick<HistoryNode, 'id' | 'parentId' | 'role' | 'createdAt'>;

/** Reads histories whose parts are in a spool, which lives as long as the reading. */
export async function* withSpool(
  read: (spool: PartSpool) => Promise<readonly History[]>,
): AsyncGenerator<History> {
  const spool = new PartSpool();
  try {
    yield* await read(spool);
  } finally {
    spool.close();
  }
}

/**
 * Keeps the parts of a long conversation in a temporary file, so that a conversation of any length fits into memory.
 * The newest messages stay in memory; the others read their parts from the file when they are asked for. Parts are
 * changed through the spool alone.
 */
export class PartSpool {
  readonly #mostBytes: number;
  readonly #folder: string;
  /** The messages in memory, oldest first, with about the size of each. */
  readonly #recent = new Map<SpooledNode, number>();
  #recentBytes = 0;
  #file: number | null = null;
  #path = '';
  #end = 0;

  constructor(mostBytes = MOST_IN_MEMORY, folder = tmpdir()) {
    this.#mostBytes = mostBytes;
    this.#folder = folder;
  }

  /** A message without parts. */
  node(start: NodeStart): HistoryNode {
    return new SpooledNode(start, this.#readChunk);
  }

  /** Adds parts to a message of this spool. `byteLength` is about their size. */
  add(node: HistoryNode, parts: readonly HistoryPart[], byteLength: number): void {
    if (!(node instanceof SpooledNode) || parts.length === 0) return;
    if (node.chunks) {
      node.chunks.push(this.#write(parts));
      return;
    }
    if (node.own === NONE) node.own = [];
    for (const part of parts) node.own.push(part);
    this.#recent.set(node, (this.#recent.get(node) ?? 0) + byteLength);
    this.#recentBytes += byteLength;
    for (const [oldest, bytes] of this.#recent) {
      if (this.#recentBytes <= this.#mostBytes) break;
      this.#recent.delete(oldest);
      this.#recentBytes -= bytes;
      oldest.chunks = [this.#write(oldest.own)];
      oldest.own = NONE;
    }
  }

  /** Replaces each part by the result of `change`. */
  async replace(
    node: HistoryNode,
    change: (part: HistoryPart) => Promise<HistoryPart>,
  ): Promise<void> {
    if (!(node instanceof SpooledNode)) return;
    const { parts } = node;
    const changed: HistoryPart[] = [];
    for (const part of parts) changed.push(await change(part));
    if (changed.every((part, index) => part === parts[index])) return;
    // At once, because the new parts may be much larger.
    node.chunks = [this.#write(changed)];
    node.own = NONE;
    this.#recentBytes -= this.#recent.get(node) ?? 0;
    this.#recent.delete(node);
  }

  close(): void {
    if (this.#file === null) return;
    closeSync(this.#file);
    this.#file = null;
    rmSync(this.#path, { force: true });
  }

  #write(parts: readonly HistoryPart[]): Chunk {
    const bytes = serialize(parts);
    const start = this.#end;
    try {
      const file = (this.#file ??= this.#open());
      for (let written = 0; written < bytes.byteLength;) {
        written += writeSync(file, bytes, written, bytes.byteLength - written, start + written);
      }
    } catch (cause) {
      const { code = '' } = cause as NodeJS.ErrnoException;
      const problem = `a temporary file in ${this.#folder} can't be written (${code})`;
      throw new InvalidDataError(problem, { cause });
    }
    this.#end += bytes.byteLength;
    return { start, byteLength: bytes.byteLength };
  }

  readonly #readChunk = ({ start, byteLength }: Chunk): HistoryPart[] => {
    const bytes = Buffer.alloc(byteLength);
    for (let read = 0; read < byteLength;) {
      const count = readSync(this.#file ?? -1, bytes, read, byteLength - read, start + read);
      if (count === 0) throw new Error('The temporary file of an import is cut off.');
      read += count;
    }
    return deserialize(bytes) as HistoryPart[];
  };

  #open(): number {
    this.#path = join(this.#folder, `synapse-import-${randomUUID()}`);
    const file = openSync(this.#path, 'wx+', 0o600);
    // Without a name, it disappears with the process, however that ends.
    if (process.platform !== 'win32') rmSync(this.#path, { force: true });
    return file;
  }
}

class SpooledNode implements HistoryNode {
  readonly id: string;
  readonly parentId: string | null;
  readonly role: HistoryNode['role'];
  /** In milliseconds: a conversation may have very many messages. */
  readonly #createdAt: number;
  key: string | undefined;
  provider: string | undefined;
  model: string | undefined;
  usage: HistoryNode['usage'];
  isInterrupted: boolean | undefined;
  isOpen: boolean | undefined;
  /** The parts in memory, as long as there are no chunks. */
  own: HistoryPart[] = NONE;
  chunks: Chunk[] | null = null;
  readonly #read: (chunk: Chunk) => HistoryPart[];

  constructor({ id, parentId, role, createdAt }: NodeStart, read: (chunk: Chunk) => HistoryPart[]) {
    [this.id, this.parentId, this.role, this.#createdAt] = [id, parentId, role, +createdAt];
    this.#read = read;
  }

  get createdAt(): Date {
    return new Date(this.#createdAt);
  }

  get parts(): HistoryPart[] {
    if (!this.chunks) return this.own;
    const parts = this.chunks.flatMap(this.#read);
    // A change would be lost.
    Object.freeze(parts);
    return parts;
  }
}
