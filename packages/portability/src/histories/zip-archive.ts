import { InvalidDataError } from '@synapse/core';
import type { Entry, ZipFile } from 'yauzl';
import type { HistoryFile, Skip } from './history.ts';

// Text and images stay far below these. A bomb unpacks to a thousand times its size.
const HIGHEST_RATIO = 200;
const UNSUSPICIOUS = 64 << 20;

/** The files in a ZIP archive, read from where they are: nothing is written to the disk. */
export async function* filesInZip(file: HistoryFile, skip: Skip): AsyncGenerator<HistoryFile> {
  const { openPromise, getFileNameLowLevel } = (await import('yauzl')).default;
  const zip = await openPromise(file.path, {
    ...{ autoClose: false, lazyEntries: true, decodeStrings: false },
  }).catch(refuse);
  try {
    const files: HistoryFile[] = [];
    for (const entry of await entriesOf(zip, skip)) {
      const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
      const name = getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
      if (name.endsWith('/')) continue;
      const reason = refusalOf(entry);
      if (reason === null) files.push(toFile(file, zip, entry, name, files));
      else skip(name, reason, true);
    }
    yield* files;
  } finally {
    zip.close();
  }
}

/** Damage in the directory of an archive hides the entries after it. */
async function entriesOf(zip: ZipFile, skip: Skip): Promise<Entry[]> {
  const entries: Entry[] = [];
  try {
    for await (const entry of zip.eachEntry()) entries.push(entry);
  } catch (error) {
    skip(
      `entry ${entries.length + 1}`,
      `is damaged, as may be those after it: ${wordsOf(error)}`,
      true,
    );
  }
  return entries;
}

function refusalOf(entry: Entry): string | null {
  const { compressedSize, uncompressedSize } = entry;
  if (entry.isEncrypted()) return 'is encrypted';
  if (!entry.canDecodeFileData()) return 'uses an unknown compression';
  const isBomb =
    uncompressedSize > UNSUSPICIOUS && uncompressedSize > compressedSize * HIGHEST_RATIO;
  return isBomb ? `would unpack to more than ${HIGHEST_RATIO} times its size` : null;
}

function toFile(
  archive: HistoryFile,
  zip: ZipFile,
  entry: Entry,
  name: string,
  files: readonly HistoryFile[],
): HistoryFile {
  return {
    path: `${archive.path}/${name}`,
    byteLength: entry.uncompressedSize,
    modifiedAt: archive.modifiedAt,
    async *bytes() {
      try {
        const stream = await zip.openReadStreamPromise(entry);
        for await (const chunk of stream) yield chunk as Buffer;
      } catch (error) {
        refuse(error);
      }
    },
    around: () => Promise.resolve(files),
  };
}

function refuse(error: unknown): never {
  throw new InvalidDataError(`the archive is damaged: ${wordsOf(error)}`, { cause: error });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
