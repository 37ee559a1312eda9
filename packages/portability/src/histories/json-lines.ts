import type { JsonObject } from '@synapse/core';
import type { HistoryFile, Skip } from './history.ts';

/** A line of a JSONL file; `number` counts from 1. */
export interface JsonLine {
  number: number;
  byteLength: number;
  record: JsonObject;
}

// Longer than any line with images that a tool writes; a longer one would not fit into memory.
const LONGEST_LINE = 256 << 20;

/** The objects of a JSONL file. A damaged line is skipped; a damaged last line is still being written. */
export async function* readJsonLines(file: HistoryFile, skip: Skip): AsyncGenerator<JsonLine> {
  let number = 0;
  let failure: { number: number; reason: string } | null = null;
  for await (const line of linesOf(file.bytes())) {
    number += 1;
    if (failure) skip(`line ${failure.number}`, failure.reason, true);
    failure = null;
    if (line === null) {
      skip(`line ${number}`, 'is longer than 256 MiB', true);
      continue;
    }
    // Also removes a byte order mark.
    const text = line.toString('utf8').trim();
    if (text === '') continue;
    if (isTooDeep(line)) {
      skip(`line ${number}`, 'is nested too deeply', true);
      continue;
    }
    try {
      const record: unknown = JSON.parse(text);
      if (typeof record === 'object' && record !== null && !Array.isArray(record)) {
        yield { number, byteLength: line.byteLength, record: record as JsonObject };
      } else failure = { number, reason: 'is not a JSON object' };
    } catch {
      failure = { number, reason: 'is not valid JSON' };
    }
  }
  if (failure) skip(`line ${failure.number}`, 'is cut off: the file may still be written');
}

// Far deeper than any tool writes, and far from the end of the stack.
const DEEPEST = 500;

/** Whether JSON is nested so deeply that code which walks through it could fail. */
export function isTooDeep(json: Uint8Array): boolean {
  if (!hasManyBrackets(json)) return false;
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < json.byteLength; index += 1) {
    const byte = json[index];
    if (byte === 0x22) isInString = !isInString;
    else if (byte === 0x5c && isInString) index += 1;
    else if (!isInString && (byte === 0x5b || byte === 0x7b)) {
      depth += 1;
      if (depth > DEEPEST) return true;
    } else if (!isInString && (byte === 0x5d || byte === 0x7d)) depth -= 1;
  }
  return false;
}

/** Finds single bytes ten times as fast as a loop, and few texts have that many brackets. */
function hasManyBrackets(json: Uint8Array): boolean {
  let count = 0;
  for (const bracket of [0x5b, 0x7b]) {
    for (let at = json.indexOf(bracket); at !== -1; at = json.indexOf(bracket, at + 1)) {
      count += 1;
      if (count > DEEPEST) return true;
    }
  }
  return false;
}

async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer | null> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(10, start);
      const piece = chunk.subarray(start, end === -1 ? undefined : end);
      length += piece.byteLength;
      if (length <= LONGEST_LINE) pieces.push(piece);
      if (end === -1) break;
      yield length > LONGEST_LINE ? null : Buffer.concat(pieces);
      pieces = [];
      length = 0;
      start = end + 1;
    }
  }
  if (length > 0) yield length > LONGEST_LINE ? null : Buffer.concat(pieces);
}
