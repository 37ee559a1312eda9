import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { FileNotFoundError, InvalidDataError, type NewAttachment } from '@synapse/core';
import { toByteSize } from '../render/numbers.ts';

const mostBytes = 20 * 1024 * 1024;

/** What each kind of file begins with. */
const signatures: readonly [mediaType: string, pattern: RegExp][] = [
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
  ['application/pdf', /^%PDF-/],
];

/** A file to be sent along; what it is tells by its content, not by its name. */
export async function readAttachment(path: string): Promise<NewAttachment> {
  const file = path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
  const bytes = await readBytes(file);
  return { bytes, mediaType: mediaTypeOf(bytes, path), name: basename(file) };
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    const about = await stat(file);
    if (!about.isFile()) throw new InvalidDataError(`"${file}" is not a file.`);
    if (about.size > mostBytes) {
      throw new InvalidDataError(
        `"${file}" has ${toByteSize(about.size)}; at most ${toByteSize(mostBytes)} can be sent.`,
      );
    }
    return await readFile(file);
  } catch (error) {
    if (error instanceof InvalidDataError) throw error;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new FileNotFoundError(`"${file}" can't be read (${code}).`, { cause: error });
  }
}

function mediaTypeOf(bytes: Uint8Array, path: string): string {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  const known = signatures.find(([, pattern]) => pattern.test(head));
  if (known !== undefined) return known[0];
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InvalidDataError(`"${path}" is neither text nor a picture nor a PDF.`, { cause });
  }
  return /\.(md|markdown)$/i.test(path) ? 'text/markdown' : 'text/plain';
}
