import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { holderState, thisProcess } from './conversation/process-identity.ts';

// Files that SQLite and Synapse put beside a database have its name and a suffix.
const NAME =
  /\.partial-([0-9a-f]{8})-([0-9a-f]{8})-(\d+)-(\d*)-[0-9a-f]{6}(?:-wal|-shm|-journal|-migrate)?$/;

/**
 * A name beside `path` for a file that is still being written, and moved to `path` when it is
 * complete. It names the writing process, so that a later process can recognise an abandoned file.
 */
export function partialPathOf(path: string): string {
  const here = thisProcess();
  const owner = [placeOf(here), short(here.bootId), here.pid, here.processStart];
  return `${path}.partial-${owner.join('-')}-${randomBytes(3).toString('hex')}`;
}

/**
 * Removes the partial files that killed processes have left in the folder. Keeps those of running
 * processes, and those of other machines and containers, whose processes are not visible here.
 */
export function removeDeadPartials(folder: string): void {
  for (const name of namesIn(folder)) {
    const [, place, boot, pid, processStart = ''] = NAME.exec(name) ?? [];
    if (place === undefined || isInUse({ place, boot, pid: Number(pid), processStart })) continue;
    rmSync(join(folder, name), { force: true });
  }
}

/** Empty if the folder can't be read: the process that writes there reports why. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

interface Owner {
  place: string;
  boot: string | undefined;
  pid: number;
  processStart: string;
}

function isInUse({ place, boot, pid, processStart }: Owner): boolean {
  const here = thisProcess();
  if (place !== placeOf(here)) return true;
  return boot === short(here.bootId) && holderState({ ...here, pid, processStart }) !== 'dead';
}

/** Whether a number means the same process: two containers may share a host name. */
function placeOf({ host, pidNamespace }: ReturnType<typeof thisProcess>): string {
  return short(`${host} ${pidNamespace}`);
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
