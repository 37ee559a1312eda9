import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether there is such a process that is more than a zombie. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !stat.includes(') Z ');
}

/** A killed process ends when the system gets to it, not at once. */
export async function endsSoon(pid: number): Promise<boolean> {
  for (let round = 0; round < 8000; round++) {
    if (!(await isRunning(pid))) return true;
    await sleep(5);
  }
  return false;
}

/** The processes that a process has started, the newest last. Not every Linux has a `ps`. */
export function childrenOf(parent: number): number[] {
  const pairs = process.platform === 'linux' ? parentsInProc() : parentsByPs();
  return pairs.filter(([, starter]) => starter === parent).map(([pid]) => pid);
}

type ProcessAndParent = [pid: number, parent: number];

function parentsInProc(): ProcessAndParent[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)]);
}

function parentOf(pid: string): number {
  try {
    // The name of the program, in parentheses, may hold anything.
    return Number(/.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}

function parentsByPs(): ProcessAndParent[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).split('\n');
  return lines.map((line) => line.trim().split(/\s+/).map(Number) as ProcessAndParent);
}
