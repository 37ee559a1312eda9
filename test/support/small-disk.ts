import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own, in memory, with room for so much. Only root can make one. */
export async function withSmallDisk<T>(
  kibibytes: number,
  work: (folder: string, enlargeTo: (kibibytes: number) => void) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'synapse-disk-'));
  try {
    mount('-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', folder);
    try {
      return await work(folder, (size) => mount('-o', `remount,size=${size}k`, folder));
    } finally {
      execFileSync('umount', [folder]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'synapse-disk-'));
  const isMounted =
    spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' }).status === 0;
  if (isMounted) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return isMounted;
}

function mount(...args: string[]): void {
  execFileSync('mount', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
