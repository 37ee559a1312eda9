import { mkdtempSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the kernel makes groups of processes with a limit on their memory, in its newer and its older way. */
const places = [
  { root: '/sys/fs/cgroup', limit: 'memory.max' },
  { root: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes' },
];

/** Only root may, and not in every container. */
export function mayLimitMemory(): boolean {
  const group = makeGroup(1 << 30);
  if (group !== undefined) rmdirSync(group);
  return group !== undefined;
}

/** `work` gets the first words of a command that is to have no more than that; what takes more is killed. */
export async function withMemoryLimit<T>(
  bytes: number,
  work: (wrapper: readonly [program: string, ...args: string[]]) => Promise<T>,
): Promise<T> {
  const group = makeGroup(bytes);
  if (group === undefined) throw new Error('There is no right to limit memory.');
  try {
    return await work([
      '/bin/sh',
      '-c',
      'echo $$ > "$0" && exec "$@"',
      join(group, 'cgroup.procs'),
    ]);
  } finally {
    rmdirSync(group);
  }
}

function makeGroup(bytes: number): string | undefined {
  for (const { root, limit } of places) {
    let group: string | undefined;
    try {
      group = mkdtempSync(join(root, 'synapse-test-'));
      // The kernel has put the file there, where this is its place.
      writeFileSync(join(group, limit), String(bytes), { flag: 'r+' });
      return group;
    } catch {
      if (group !== undefined) rmdirSync(group);
    }
  }
  return undefined;
}
