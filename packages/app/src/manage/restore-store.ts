import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageError, type Store } from '@synapse/core';
import { countOf } from '@synapse/core/words';
import type { App, RestoredFile } from '../wiring.ts';
import { copyWithLeases, type ShowWork } from './copy-with-leases.ts';

/** The existing database that a restore would move aside, or that prevents the restore. */
export interface RestorePlan {
  /** The location, as shown to the user. */
  target: string;
  /** Null if it is too damaged to count. */
  sessionCount: number | null;
  isThere: boolean;
}

export async function planRestore(app: App): Promise<RestorePlan> {
  try {
    return await inspectTarget(app);
  } catch (error) {
    // Any damage is accepted here, because a backup is meant to replace a damaged database.
    const location = app.locate();
    const isDamaged = error instanceof StorageError && error.reason === 'damaged';
    if (!isDamaged || location.engine !== 'sqlite') throw error;
    return { target: location.path, sessionCount: null, isThere: true };
  }
}

async function inspectTarget(app: App): Promise<RestorePlan> {
  const location = app.locate();
  const summary = await app.inspectStore();
  const target = location.engine === 'sqlite' ? location.path : (summary?.location ?? '');
  if (!summary || summary.schema.applied.length === 0) {
    return { target, sessionCount: 0, isThere: summary !== undefined };
  }
  const store = await app.openStore();
  try {
    const { sessionCount } = await store.maintenance.info();
    return { target, sessionCount, isThere: true };
  } finally {
    await store.close();
  }
}

export async function restoreStore(
  app: App,
  backup: string,
  show: ShowWork,
): Promise<RestoredFile> {
  const location = app.locate();
  if (location.engine === 'sqlite') return app.restoreFile(backup, location.path);
  const folder = mkdtempSync(join(tmpdir(), 'synapse-restore-'));
  try {
    // A copy, because opening may migrate, and a backup must not change.
    const { path } = await app.restoreFile(backup, join(folder, 'backup.db'));
    const source = await app.openStore({ url: path });
    const target = await app.openStore();
    try {
      await requireEmpty(target);
      await show('restoring messages', (watched) => copyWithLeases(app, source, target, watched));
      return { path: (await target.maintenance.info()).location, asidePath: null };
    } finally {
      await Promise.all([source.close(), target.close()]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function requireEmpty(target: Store): Promise<void> {
  const { sessionCount, location } = await target.maintenance.info();
  if (sessionCount === 0) return;
  throw new StorageError(`${location} already holds ${countOf(sessionCount, 'session')}.`, {
    reason: 'cannot-create',
    hint: 'Restore into an empty database, or add to this one: synapse db copy <backup> <url>',
  });
}
