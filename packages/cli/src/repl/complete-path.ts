import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Candidate } from '@synapse/terminal/editor';

const mostCandidates = 200;

/** The files of the folder that is being typed; hidden ones only after a dot. */
export async function completePath(typed: string): Promise<Candidate[]> {
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  const name = typed.slice(folder.length);
  const place = folder.startsWith('~/') ? join(homedir(), folder.slice(2)) : folder || '.';
  const entries = await readdir(place, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => name.startsWith('.') || !entry.name.startsWith('.'))
    .filter((entry) => entry.name.startsWith(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, mostCandidates)
    .map((entry) => ({ value: `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}` }));
}
