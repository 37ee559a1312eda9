import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { StorageError, type BackupReport, type Store } from '@synapse/core';
import { partialPathOf, removeDeadPartials } from '@synapse/core/files';
import type { App } from '../wiring.ts';
import { copyWithLeases, type ShowWork } from './copy-with-leases.ts';

export interface BackupOptions {
  path: string;
  overwrite: boolean;
}

/** Writes everything to a SQLite file, whatever engine the store has. */
export async function backUpStore(
  app: App,
  store: Store,
  { path, overwrite }: BackupOptions,
  show: ShowWork,
): Promise<BackupReport> {
  const { fileBackup } = store.maintenance;
  if (!fileBackup) return copyToFile(app, store, { path, overwrite }, show);
  return show('writing the backup', () => fileBackup.write(path, { overwrite }));
}

/** Through a temporary file, so that an interrupted copy leaves no partial backup. */
async function copyToFile(
  app: App,
  store: Store,
  { path, overwrite }: BackupOptions,
  show: ShowWork,
): Promise<BackupReport> {
  if (!overwrite && existsSync(path)) {
    throw new StorageError(`The file ${path} already exists.`, {
      reason: 'cannot-create',
      hint: 'Name another file, or pass --force.',
    });
  }
  removeDeadPartials(dirname(path));
  const partial = partialPathOf(path);
  try {
    const target = await app.openStore({ url: `sqlite:${encodeURIComponent(partial)}` });
    try {
      const report = await show('copying messages', (watched) =>
        copyWithLeases(app, store, target, watched),
      );
      refuseDiffering(report.differing);
      const { fileBackup } = target.maintenance;
      if (!fileBackup) throw new Error('a SQLite file can always be backed up');
      return await fileBackup.write(path, { overwrite });
    } finally {
      await target.close();
    }
  } finally {
    removeDatabase(partial);
  }
}

function refuseDiffering(differing: readonly string[]): void {
  if (differing.length === 0) return;
  throw new StorageError(`Sessions were changed while they were copied: ${differing.join(', ')}`, {
    reason: 'busy',
    hint: 'Try again while no other process writes.',
  });
}

/** Removes a SQLite file with its journal files. */
function removeDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal', '-migrate'])
    rmSync(path + suffix, { force: true });
}

/** A time in a form for file names: 20260131T093000123Z */
export function stampOf(date: Date): string {
  return date.toISOString().replaceAll(/[-:.]/g, '');
}
