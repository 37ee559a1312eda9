import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { LeaseHolder } from '../ports/session-store.ts';
import { newId } from '../session/id.ts';

/** Whether a holder still runs; `unknown` if its process is not visible from here. */
export type HolderState = 'alive' | 'dead' | 'unknown';

/** How this process identifies itself to others that want the same session; new for each lease. */
export function thisProcess(): LeaseHolder {
  return {
    instanceId: newId(),
    ...placeOfThisProcess(),
    processStart: readProcess('self')?.start ?? '',
  };
}

/**
 * Whether the process that a lease names still runs: the same number and the same start time. Only
 * processes of the same machine, boot and pid namespace can find out. Elsewhere the number names no
 * process, or another one in containers that share a host name.
 */
export function holderState(holder: LeaseHolder): HolderState {
  if (!isInSight(holder)) return 'unknown';
  const { pid, processStart } = holder;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return 'dead';
  }
  const found = showsOwnNamespace() ? readProcess(pid) : undefined;
  // The number exists, but it may belong to another process by now.
  if (!found || processStart === '') return 'unknown';
  return found.start === processStart && !found.hasEnded ? 'alive' : 'dead';
}

function isInSight({ host, bootId, pidNamespace }: LeaseHolder): boolean {
  const here = placeOfThisProcess();
  if (host !== here.host || bootId !== here.bootId || pidNamespace !== here.pidNamespace)
    return false;
  return pidNamespace !== '' || process.platform !== 'linux';
}

function placeOfThisProcess(): Pick<LeaseHolder, 'host' | 'pid' | 'bootId' | 'pidNamespace'> {
  return {
    host: hostname(),
    pid: process.pid,
    bootId: emptyOnError(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: emptyOnError(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** Whether /proc shows the processes of this namespace, and not those of an outer one. */
function showsOwnNamespace(): boolean {
  return emptyOnError(() => readlinkSync('/proc/self')) === String(process.pid);
}

/** The start time in ticks since boot, the 22nd field; counted after the name in brackets. */
function readProcess(pid: number | 'self'): { start: string; hasEnded: boolean } | undefined {
  const stat = emptyOnError(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const start = fields[18];
  // Zombies have ended, and only wait for their parent to notice.
  return start === undefined ? undefined : { start, hasEnded: 'ZXx'.includes(state) };
}

function emptyOnError(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
