import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isProcessAlive, thisProcess } from './conversation/process-identity.ts';

// What SQLite and Synapse put beside a database has its name and an ending.
const NAME =
  /\.partial-([0-9a-f]{8})-([0-9a-f]{8})-(\d+)-(\d*)-[0-9a-f]{6}(?:-wal|-shm|-journal|-migrate)?$/;

/**
 * A name beside `path` for a file that is still being written, and moved to `path` when it is
 * complete. It says which process writes it, so that a later one can tell whether it was left behind.
 */
export function partialPathOf(path: string): string {
  const { host, bootId, pid, processStart } = thisProcess();
  const owner = [short(host), short(bootId), pid, processStart];
  return `${path}.partial-${owner.join('-')}-${randomBytes(3).toString('hex')}`;
}

/**
 * Removes the partial files that killed processes have left in the folder. Those of running processes
 * stay, and so do those of other machines, whose processes nobody here can see.
 */
export function removeDeadPartials(folder: string): void {
  for (const name of namesIn(folder)) {
    const [, host, boot, pid, processStart = ''] = NAME.exec(name) ?? [];
    if (host === undefined || isInUse({ host, boot, pid: Number(pid), processStart })) continue;
    rmSync(join(folder, name), { force: true });
  }
}

/** None where the folder can't be read: whoever writes there says why. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

interface Owner {
  host: string;
  boot: string | undefined;
  pid: number;
  processStart: string;
}

function isInUse({ host, boot, pid, processStart }: Owner): boolean {
  const here = thisProcess();
  if (host !== short(here.host)) return true;
  return boot === short(here.bootId) && isProcessAlive({ ...here, pid, processStart });
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
