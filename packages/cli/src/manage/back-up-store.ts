import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { StorageError, type BackupReport, type Store } from '@synapse/core';
import { partialPathOf, removeDeadPartials } from '@synapse/core/files';
import { createSpinner } from '@synapse/terminal';
import type { App } from '../wiring.ts';
import { copyWithProgress } from './copy-with-progress.ts';

export interface BackupWish {
  path: string;
  overwrite: boolean;
}

/** Writes everything to a SQLite file, whatever engine holds it. */
export async function backUpStore(
  app: App,
  store: Store,
  { path, overwrite }: BackupWish,
): Promise<BackupReport> {
  const { fileBackup } = store.maintenance;
  if (!fileBackup) return copyToFile(app, store, { path, overwrite });
  const spinner = createSpinner({ terminal: process.stderr });
  spinner.start('writing the backup');
  try {
    return await fileBackup.write(path, { overwrite });
  } finally {
    spinner.stop();
  }
}

/** Through a file beside it, so that a copy that breaks off leaves no half of a backup. */
async function copyToFile(
  app: App,
  store: Store,
  { path, overwrite }: BackupWish,
): Promise<BackupReport> {
  if (!overwrite && existsSync(path)) {
    throw new StorageError(`There is a file ${path} already.`, {
      reason: 'cannot-create',
      hint: 'Name another file, or say --force.',
    });
  }
  const { removeDatabase } = await import('./remove-database.ts');
  removeDeadPartials(dirname(path));
  const partial = partialPathOf(path);
  try {
    const target = await app.openStore({ url: `sqlite:${encodeURIComponent(partial)}` });
    try {
      const report = await copyWithProgress(app, store, target, 'copying messages');
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
    hint: 'Do it again while nobody writes.',
  });
}
