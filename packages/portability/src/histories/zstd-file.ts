import { InvalidDataError } from '@synapse/core';
import { Decompress } from 'fzstd';
import type { HistoryFile } from './history.ts';

/** The content of a file that is compressed with Zstandard, under its name without `.zst`. */
export function unzstd(file: HistoryFile): HistoryFile {
  return {
    ...file,
    path: file.path.replace(/\.zst$/, ''),
    async *bytes() {
      let pieces: Uint8Array[] = [];
      const decompress = new Decompress((piece) => pieces.push(piece));
      try {
        for await (const chunk of file.bytes()) {
          decompress.push(chunk);
          yield* pieces;
          pieces = [];
        }
        decompress.push(new Uint8Array(), true);
      } catch (cause) {
        if (cause instanceof Error && 'syscall' in cause) throw cause;
        throw new InvalidDataError('is not valid Zstandard data', { cause });
      }
      yield* pieces;
    },
  };
}
