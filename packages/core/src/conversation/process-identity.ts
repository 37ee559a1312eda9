import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { LeaseHolder } from '../ports/session-store.ts';

/** Who this process is to others that want the same session. */
export function thisProcess(): LeaseHolder {
  return {
    host: hostname(),
    pid: process.pid,
    bootId: readBootId(),
    processStart: readProcessStart(process.pid) ?? '',
  };
}

/** Whether the process that a lease names still runs: same boot, same number, same start. */
export function isProcessAlive({ pid, bootId, processStart }: LeaseHolder): boolean {
  if (bootId !== readBootId()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return processStart === '' || processStart === (readProcessStart(pid) ?? processStart);
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** The start time in ticks since boot; the 22nd field, counted behind the name in brackets. */
function readProcessStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
