import type { ChildProcess } from 'node:child_process';

const running = new Set<ChildProcess>();

/** Remembers a child that leads a process group, to end it when this process ends in any way. */
export function trackGroup(child: ChildProcess): void {
  if (running.size === 0) process.on('exit', endAll);
  running.add(child);
  child.once('exit', () => {
    // The processes that it started may outlive it.
    signalGroup(child, 'SIGKILL');
    running.delete(child);
    if (running.size === 0) process.off('exit', endAll);
  });
}

export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It is gone.
  }
}

function endAll(): void {
  for (const child of running) signalGroup(child, 'SIGKILL');
}
