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
  for (let round = 0; round < 400; round++) {
    if (!(await isRunning(pid))) return true;
    await sleep(5);
  }
  return false;
}
