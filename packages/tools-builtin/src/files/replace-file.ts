import { randomBytes } from 'node:crypto';
import { constants, type BigIntStats } from 'node:fs';
import { lstat, open, rename, unlink } from 'node:fs/promises';
import { InvalidDataError, NotPermittedError } from '@synapse/core';
import type { Place } from '../workspace/place.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { specialKind } from './describe-kind.ts';

export interface Replacement {
  path: string;
  text: string;
  /** The content that was read; the file must not have changed since. */
  expected?: BigIntStats;
}

/**
 * Replaces a file as a whole: writes a new file next to it, in a folder that is held open and
 * verified, and renames it. It never writes through the old name, which may have become a link a
 * moment ago. Returns whether there was a file before.
 */
export async function replaceFile(
  workspace: Workspace,
  { path, text, expected }: Replacement,
): Promise<boolean> {
  const { folder, name } = await workspace.openTarget(path);
  const temporary = folder.at(`.${randomBytes(9).toString('base64url')}.tmp`);
  try {
    const existing = await lstat(folder.at(name), { bigint: true }).catch(() => undefined);
    verifyExisting(path, existing, expected);
    await writeNew(temporary, text, existing);
    await verifyStill(folder, path);
    await rename(temporary, folder.at(name));
    return existing !== undefined;
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  } finally {
    await folder.close();
  }
}

function verifyExisting(
  path: string,
  existing: BigIntStats | undefined,
  expected: BigIntStats | undefined,
): void {
  if (existing?.isSymbolicLink()) {
    throw new NotPermittedError(`"${path}" is a broken link, or has just been replaced by one.`);
  }
  if (existing && !existing.isFile()) {
    throw new InvalidDataError(`"${path}" is ${specialKind(existing)}, not a file.`);
  }
  if (expected && (existing?.ino !== expected.ino || existing.mtimeNs !== expected.mtimeNs)) {
    throw new InvalidDataError(`"${path}" was changed by another program meanwhile.`, {
      hint: 'Read it again.',
    });
  }
}

async function writeNew(
  path: string,
  text: string,
  existing: BigIntStats | undefined,
): Promise<void> {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
  const handle = await open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o666);
  try {
    await handle.writeFile(text);
    if (existing) {
      await handle.chmod(Number(existing.mode) & 0o777);
      // Only root may give a file to another owner; for other users it already has the right one.
      await handle.chown(Number(existing.uid), Number(existing.gid)).catch(() => undefined);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function verifyStill(folder: Place, path: string): Promise<void> {
  if ((await folder.currentPath()) !== folder.path) {
    throw new NotPermittedError(`The folder of "${path}" was moved while it was being written.`);
  }
}
