import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FileNotFoundError, type Store } from '@synapse/core';
import type { HistoryFile, HistoryReceipt } from '@synapse/portability';
import { holdLeaseOf } from '../conversation/hold-lease-of.ts';
import type { App } from '../wiring.ts';

export interface ImportHistoriesOptions {
  /** Files and folders, which are searched. */
  paths: readonly string[];
  /** Imports only the histories of this tool. */
  tool?: string | undefined;
  tags?: readonly string[] | undefined;
  isDryRun: boolean;
  signal: AbortSignal;
}

/** Imports the histories of other tools, and yields a receipt for each file as it is finished. */
export async function* importHistories(
  app: Pick<App, 'clock' | 'logger'>,
  store: Store,
  { paths, tool, tags, isDryRun, signal }: ImportHistoriesOptions,
): AsyncGenerator<HistoryReceipt> {
  const { detectHistory, importHistory } = await import('@synapse/portability');
  const hold = (id: string) => holdLeaseOf(app, store, id);
  for (const path of paths) {
    for await (const file of filesIn(path)) {
      signal.throwIfAborted();
      const format = await detectHistory(file);
      if (tool !== undefined && format?.tool !== tool) continue;
      if (format) yield await importHistory(store, file, format, { tags, isDryRun, signal, hold });
      else yield unknownFormat(file.path);
    }
  }
}

function unknownFormat(path: string): HistoryReceipt {
  const skipped = [{ place: 'file', reason: 'has no known format', isDamage: false }];
  return {
    ...{ path, tool: null, added: 0, extended: 0, forked: 0, unchanged: 0, messageCount: 0 },
    ...{ sessionIds: [], skipped },
  };
}

/** Links are not followed, so that no folder is read twice or leads outside. */
async function* filesIn(path: string): AsyncGenerator<HistoryFile> {
  const status = await stat(path).catch((cause: unknown) => {
    const { code = '' } = cause as NodeJS.ErrnoException;
    const reason =
      code === 'ENOENT'
        ? `There is no file or folder "${path}".`
        : `${path} can't be read (${code}).`;
    throw new FileNotFoundError(reason, { cause });
  });
  if (status.isFile()) {
    const { size: byteLength, mtime: modifiedAt } = status;
    yield { path, byteLength, modifiedAt, bytes: () => createReadStream(path) };
  }
  if (!status.isDirectory()) return;
  const entries = await readdir(path, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.isDirectory() || entry.isFile()) yield* filesIn(join(path, entry.name));
  }
}
