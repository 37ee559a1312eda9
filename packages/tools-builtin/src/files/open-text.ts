import type { FileHandle } from 'node:fs/promises';
import { InvalidDataError } from '@synapse/core';
import type { Place } from '../workspace/place.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { binaryKind, specialKind } from './describe-kind.ts';

export interface OpenedText {
  place: Place;
  contents: FileHandle;
  close(): Promise<void>;
}

/** Opens a text file; the caller closes it. */
export async function openText(workspace: Workspace, path: string): Promise<OpenedText> {
  const place = await workspace.open(path, 'read');
  let contents: FileHandle | undefined;
  try {
    if (!place.stats.isFile()) {
      throw new InvalidDataError(`"${path}" is ${specialKind(place.stats)}, not a file.`, {
        hint: place.stats.isDirectory() ? 'Use "list" for folders.' : undefined,
      });
    }
    contents = await place.openContents();
    const beginning = Buffer.alloc(8192);
    const { bytesRead } = await contents.read(beginning, 0, beginning.length, 0);
    const kind = binaryKind(beginning.subarray(0, bytesRead));
    if (kind !== undefined) {
      throw new InvalidDataError(`"${path}" is not text: ${kind}, ${place.stats.size} bytes.`);
    }
    const opened = contents;
    return {
      place,
      contents: opened,
      close: async () => {
        await opened.close();
        await place.close();
      },
    };
  } catch (error) {
    await contents?.close();
    await place.close();
    throw error;
  }
}

/** The exact content of a whole file; refuses content that could not be written back unchanged. */
export async function readWhole(
  { contents }: OpenedText,
  path: string,
  maxBytes: number,
): Promise<string> {
  const buffer = Buffer.alloc(64 * 1024);
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const { bytesRead } = await contents.read(buffer, 0, buffer.length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
    if (length > maxBytes) {
      throw new InvalidDataError(`"${path}" is larger than ${maxBytes} bytes.`);
    }
    chunks.push(Buffer.from(buffer.subarray(0, bytesRead)));
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    throw new InvalidDataError(`"${path}" is not UTF-8.`, { cause: error });
  }
}
