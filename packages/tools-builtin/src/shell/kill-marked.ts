import { readdir, readFile } from 'node:fs/promises';

const MAX_ROUNDS = 20;

/**
 * Kills processes with the marker in their environment: those that left their process group, as
 * daemons do. Without /proc, none can be found.
 */
export async function killMarked(marker: string): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const names = await readdir('/proc').catch(() => []);
    const ids = names.filter((name) => /^\d+$/.test(name)).map(Number);
    const marked = await Promise.all(ids.map((id) => isMarked(id, marker)));
    const found = ids.filter((_id, index) => marked[index]);
    if (found.length === 0) return;
    for (const id of found) kill(id);
  }
}

async function isMarked(id: number, marker: string): Promise<boolean> {
  if (id === process.pid) return false;
  const environment = await readFile(`/proc/${id}/environ`).catch(() => undefined);
  return environment?.includes(marker) ?? false;
}

function kill(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
