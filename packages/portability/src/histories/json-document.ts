import { InvalidDataError, type JsonValue } from '@synapse/core';
import type { HistoryFile } from './history.ts';

const MOST_BYTES = 256 << 20;

/** The value of a file that is one JSON document. */
export async function readJson(file: HistoryFile): Promise<JsonValue> {
  const text = await readText(file);
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new InvalidDataError(`${file.path} is not valid JSON.`, { cause });
  }
}

/** The text of a file that has to be read as a whole. */
export async function readText(file: HistoryFile): Promise<string> {
  if (file.byteLength > MOST_BYTES) {
    throw new InvalidDataError(`${file.path} is larger than 256 MiB.`);
  }
  const pieces: Uint8Array[] = [];
  for await (const chunk of file.bytes()) pieces.push(chunk);
  return Buffer.concat(pieces)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}
