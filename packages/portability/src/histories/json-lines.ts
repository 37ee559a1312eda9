import type { JsonObject } from '@synapse/core';
import type { HistoryFile, Skip } from './history.ts';

/** A line of a JSONL file; `number` counts from 1. */
export interface JsonLine {
  number: number;
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
    const text = line
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trim();
    if (text === '') continue;
    try {
      const record: unknown = JSON.parse(text);
      if (typeof record === 'object' && record !== null && !Array.isArray(record)) {
        yield { number, record: record as JsonObject };
      } else failure = { number, reason: 'is not a JSON object' };
    } catch {
      failure = { number, reason: 'is not valid JSON' };
    }
  }
  if (failure) skip(`line ${failure.number}`, 'is cut off: the file may still be written');
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
