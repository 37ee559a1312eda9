import { InvalidDataError } from '@synapse/core';
import type { ExportRecord } from './export-record.ts';
import { EXPORT_TYPE } from './export-version.ts';
import { readJsonExport } from './read-json-export.ts';
import { readNdjsonExport } from './read-ndjson-export.ts';

/** Longer than the first line of an NDJSON export. */
const LONGEST_FIRST_LINE = 1024;

/**
 * The records of an export, whose first line shows its format. Rejects with an InvalidDataError
 * that names the place of the first error.
 */
export async function* readExport(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ExportRecord> {
  const pieces = decode(chunks);
  try {
    let head = '';
    while (!head.includes('\n') && head.length < LONGEST_FIRST_LINE) {
      const next = await pieces.next();
      if (next.done) break;
      head += next.value;
    }
    const read = isNdjsonExport(head) ? readNdjsonExport : readJsonExport;
    yield* read(startingWith(head, pieces));
  } finally {
    await pieces.return(undefined);
  }
}

/** Whether a file begins as an export of Synapse does, also after another program has indented it. */
export function isSynapseExport(head: string): boolean {
  return /^\uFEFF?\s*\{[^[{]*"type"\s*:\s*"synapse-export"/.test(head);
}

/** Whether the beginning of an export shows that it is NDJSON. */
export function isNdjsonExport(head: string): boolean {
  const end = head.indexOf('\n');
  try {
    const header: unknown = JSON.parse(end < 0 ? head : head.slice(0, end));
    const { type, format } = Object(header) as { type?: unknown; format?: unknown };
    return type === EXPORT_TYPE && format === 'ndjson';
  } catch {
    return false;
  }
}

async function* startingWith(head: string, pieces: AsyncGenerator<string>): AsyncGenerator<string> {
  yield head;
  yield* pieces;
}

async function* decode(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decodeOne = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw new InvalidDataError('The file is not UTF-8 text.', { cause });
    }
  };
  for await (const chunk of chunks) yield decodeOne(chunk);
  yield decodeOne();
}
