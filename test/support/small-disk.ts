import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DEVICE_MIB = 32;

export type SmallDiskWork<T> = (
  folder: string,
  enlargeTo: (kibibytes: number) => void,
) => Promise<T>;

/** A file system of its own, in memory, with room for so much and so many files. Only root can make one. */
export function withSmallDisk<T>(
  kibibytes: number,
  work: SmallDiskWork<T>,
  files = 1000,
): Promise<T> {
  return withMounted(
    (_, target) =>
      mount('-t', 'tmpfs', '-o', `size=${kibibytes}k,nr_inodes=${files}`, 'tmpfs', target),
    (target) => work(target, (size) => mount('-o', `remount,size=${size}k,nr_inodes=1000`, target)),
  );
}

/** The same on a device, as a disk is; filled up but for so much, and enlarged by emptying it. */
export function withSmallDevice<T>(kibibytes: number, work: SmallDiskWork<T>): Promise<T> {
  return withMounted(
    (folder, target) => {
      const image = join(folder, 'image');
      writeFileSync(image, Buffer.alloc(DEVICE_MIB << 20));
      execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', image]);
      mount('-o', 'loop', image, target);
    },
    (target) => {
      const { bavail, bsize } = statfsSync(target);
      const ballast = join(target, 'ballast');
      writeFileSync(ballast, Buffer.alloc(bavail * bsize - (kibibytes << 10)));
      return work(target, () => rmSync(ballast));
    },
  );
}

async function withMounted<T>(
  makeAndMount: (folder: string, target: string) => void,
  work: (target: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'synapse-disk-'));
  const target = join(folder, 'mounted');
  mkdirSync(target);
  try {
    makeAndMount(folder, target);
    try {
      return await work(target);
    } finally {
      execFileSync('umount', [target]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether loop devices may be made, too. */
export async function mayMountDevice(): Promise<boolean> {
  try {
    await withSmallDevice(1024, async () => undefined);
    return true;
  } catch {
    return false;
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
