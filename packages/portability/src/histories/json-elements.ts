import { InvalidDataError, type JsonObject } from '@synapse/core';
import type { HistoryFile, Skip } from './history.ts';
import { isTooDeep } from './json-lines.ts';

/** An object of a list; `number` counts from 1. */
export interface JsonElement {
  number: number;
  record: JsonObject;
}

// A longer one would not fit into memory.
const LONGEST = 256 << 20;

/**
 * The objects of a file that is one JSON array, or an object with the array under `name`, one at a time, so that a
 * file of any length fits into memory. Another object is the only element. A damaged element is skipped.
 */
export async function* readJsonElements(
  file: HistoryFile,
  name: string,
  skip: Skip,
): AsyncGenerator<JsonElement> {
  const splitter = new Splitter(name);
  let number = 0;
  for await (const chunk of file.bytes()) {
    for (const element of splitter.split(chunk)) {
      number += 1;
      const record = parse(element);
      if (typeof record === 'string') skip(`record ${number}`, record, true);
      else yield { number, record };
    }
  }
  if (splitter.isEmpty) throw new InvalidDataError(`${file.path} is not a JSON list of objects.`);
  if (!splitter.isWhole) skip(`record ${number + 1}`, 'is cut off', true);
}

function parse(element: Buffer | null): JsonObject | string {
  if (!element) return 'is longer than 256 MiB';
  if (isTooDeep(element)) return 'is nested too deeply';
  try {
    const value: unknown = JSON.parse(element.toString('utf8'));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as JsonObject) : 'is not a JSON object';
  } catch {
    return 'is not valid JSON';
  }
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Finds where elements begin and end by brackets and quotes alone. */
class Splitter {
  readonly #name: string;
  #depth = 0;
  /** How deep the elements are; 0 until their list has begun, and for an object without one. */
  #listDepth = 0;
  #isInString = false;
  #isEscaped = false;
  /** What is read of an element, or of an object whose list has not begun. */
  #pieces: Uint8Array[] | null = null;
  #length = 0;
  #key = '';
  #keyBytes: number[] = [];
  isEmpty = true;
  isWhole = false;

  constructor(name: string) {
    this.#name = name;
  }

  *split(chunk: Uint8Array): Generator<Buffer | null> {
    let start = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index] ?? 0;
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) {
          this.#isInString = false;
          this.#key = String.fromCharCode(...this.#keyBytes);
        } else if (this.#isKeySought()) this.#keyBytes.push(byte);
        continue;
      }
      if (byte <= 0x20 || byte >= 0x80 || this.isWhole) continue;
      if (byte === COMMA || byte === CLOSE_LIST) {
        // An element that is no object ends here.
        if (this.#pieces && this.#depth === this.#listDepth && this.#listDepth > 0) {
          yield this.#take(chunk.subarray(start, index));
        }
        if (byte === COMMA) continue;
        this.#depth -= 1;
        if (this.#depth < this.#listDepth) this.isWhole = true;
        else if (this.#isAtEnd()) yield this.#take(chunk.subarray(start, index + 1));
        continue;
      }
      if (byte === CLOSE_OBJECT) {
        this.#depth -= 1;
        if (!this.#isAtEnd()) continue;
        yield this.#take(chunk.subarray(start, index + 1));
        if (this.#listDepth === 0) this.isWhole = true;
        continue;
      }
      if (byte === OPEN_LIST && this.#listDepth === 0 && this.#isList()) {
        this.#depth += 1;
        this.#listDepth = this.#depth;
        this.#pieces = null;
        this.isEmpty = false;
        continue;
      }
      if (!this.#pieces && (this.#listDepth > 0 || byte === OPEN_OBJECT)) {
        this.isEmpty = false;
        this.#pieces = [];
        this.#length = 0;
        start = index;
      }
      if (byte === QUOTE) {
        this.#isInString = true;
        this.#keyBytes = [];
      } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#depth += 1;
      // Only the value right after its key belongs to it.
      if (byte !== QUOTE && byte !== COLON) this.#key = '';
    }
    if (this.#pieces) this.#add(chunk.subarray(start));
  }

  #isAtEnd(): boolean {
    return this.#pieces !== null && this.#depth === this.#listDepth;
  }

  #isList(): boolean {
    return this.#depth === 0 ? this.isEmpty : this.#depth === 1 && this.#key === this.#name;
  }

  #isKeySought(): boolean {
    return this.#depth === 1 && this.#listDepth === 0 && this.#keyBytes.length <= this.#name.length;
  }

  #add(piece: Uint8Array): void {
    this.#length += piece.length;
    if (this.#length <= LONGEST) this.#pieces?.push(piece);
    else this.#pieces = [];
  }

  #take(piece: Uint8Array): Buffer | null {
    this.#add(piece);
    const element = this.#length > LONGEST ? null : Buffer.concat(this.#pieces ?? []);
    this.#pieces = null;
    return element;
  }
}
