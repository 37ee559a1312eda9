import { readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { partialPathOf } from '@synapse/core/files';
import type { Knex } from 'knex';
import { makePrivateFile, toCreateError } from './prepare-file.ts';
import { syncFile } from './sync-file.ts';

const KEPT = 3;

/** Copies the database to a file next to it, named by version and time; the latest three are kept. */
export async function backUp(knex: Knex, path: string, version: number, now: Date): Promise<void> {
  const time = now.toISOString().replaceAll(/[-:]/g, '').replace('.', '');
  const target = `${path}.backup-${time}-v${version}`;
  const partial = partialPathOf(target);
  try {
    makePrivateFile(partial);
  } catch (error) {
    throw toCreateError(target, error);
  }
  try {
    await knex.raw('vacuum into ?', [partial]);
    syncFile(partial);
    renameSync(partial, target);
  } finally {
    rmSync(partial, { force: true });
  }
  for (const old of backupsOf(path).slice(0, -KEPT)) rmSync(old, { force: true });
}

/** The oldest first. */
export function backupsOf(path: string): string[] {
  const folder = dirname(path);
  const start = `${basename(path)}.backup-`;
  return readdirSync(folder)
    .filter((name) => name.startsWith(start))
    .sort()
    .map((name) => join(folder, name));
}
