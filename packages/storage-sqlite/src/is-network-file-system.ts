import { statfsSync } from 'node:fs';

// The numbers that Linux gives NFS, SMB, CIFS, SMB2, AFS, 9P, FUSE, Ceph, Coda, Lustre and GPFS.
const TYPES = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x5346414f, 0x01021997, 0x65735546, 0x00c36400,
  0x73757245, 0x0bd00bd0, 0x47504653,
]);

/**
 * Whether several machines may see the file; WAL needs shared memory, which machines don't have.
 */
export function isNetworkFileSystem(path: string, statfs = statfsSync): boolean {
  try {
    return process.platform === 'linux' && TYPES.has(statfs(path).type);
  } catch {
    return false;
  }
}
