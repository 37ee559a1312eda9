import { basename, extname } from 'node:path';
import { attachmentPart } from '../content-blocks.ts';
import type { HistoryFile, HistoryPart, Skip } from '../history.ts';

/** Larger ones are videos and archives, which no model takes. */
export const MOST_ASSET_BYTES = 64 << 20;

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ...{ '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.gif': 'image/gif' },
  ...{ '.webp': 'image/webp', '.svg': 'image/svg+xml', '.pdf': 'application/pdf' },
  ...{ '.wav': 'audio/wav', '.mp3': 'audio/mpeg', '.m4a': 'audio/mp4', '.mp4': 'video/mp4' },
  ...{ '.txt': 'text/plain', '.md': 'text/markdown', '.csv': 'text/csv', '.html': 'text/html' },
  ...{ '.json': 'application/json' },
};

/** The images and files of an export, which are beside the conversations, under names that begin with their ids. */
export class ChatgptAssets {
  readonly #file: HistoryFile;
  readonly #skip: Skip;
  #byId: Promise<ReadonlyMap<string, HistoryFile>> | undefined;

  constructor(file: HistoryFile, skip: Skip) {
    this.#file = file;
    this.#skip = skip;
  }

  /** The part of a file; null if the export lacks it, or if it is too large. */
  async part(pointer: string, mediaType?: string, name?: string): Promise<HistoryPart | null> {
    const id = pointer.replace(/^[a-z-]+:\/\//, '');
    this.#byId ??= filesById(this.#file);
    const found = (await this.#byId).get(id);
    if (!found) return null;
    if (found.byteLength > MOST_ASSET_BYTES) {
      this.#skip(found.path, 'is larger than 64 MiB, and only its record is kept');
      return null;
    }
    const pieces: Uint8Array[] = [];
    try {
      for await (const piece of found.bytes()) pieces.push(piece);
    } catch (error) {
      this.#skip(found.path, error instanceof Error ? error.message : String(error), true);
      return null;
    }
    const type = MEDIA_TYPES[extname(found.path).toLowerCase()];
    return attachmentPart(
      mediaType ?? type ?? 'application/octet-stream',
      Buffer.concat(pieces),
      name ?? basename(found.path),
    );
  }
}

const SHORTEST_ID = 6;
// No file system has longer names.
const LONGEST_ID = 255;

/**
 * The files by every id with which their names may begin: `file-1-photo.png` is the file of `file-1`, and `file-12.png`
 * is not. A list would be searched for each image of an export.
 */
async function filesById(file: HistoryFile): Promise<Map<string, HistoryFile>> {
  const byId = new Map<string, HistoryFile>();
  for (const found of (await file.around?.()) ?? []) {
    const name = basename(found.path);
    for (let end = SHORTEST_ID; end <= Math.min(name.length, LONGEST_ID); end += 1) {
      const isWhole = !/[A-Za-z0-9]/.test(name.charAt(end));
      const id = name.slice(0, end);
      if (isWhole && !byId.has(id)) byId.set(id, found);
    }
  }
  return byId;
}
