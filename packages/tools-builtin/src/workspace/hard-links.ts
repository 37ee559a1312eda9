import type { BigIntStats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const secretPlaces = [
  '.ssh',
  '.gnupg',
  '.aws',
  '.azure',
  '.kube',
  '.docker',
  '.config/gcloud',
  '.netrc',
  '.git-credentials',
  '.pgpass',
  '.npmrc',
  '.pypirc',
];

/**
 * Whether one of the names of a file is that of a secret. Other hard links are fine: package
 * managers create thousands, no name is the original, and a write replaces the name instead of
 * writing through it.
 */
export async function isHardLinkToSecret(
  { dev, ino }: BigIntStats,
  protectedPaths: readonly string[],
): Promise<boolean> {
  const places = [
    ...protectedPaths,
    ...secretPlaces.map((place) => join(homedir(), place)),
    '/etc/shadow',
    '/etc/gshadow',
  ];
  const found = await Promise.all(places.map(filesOf));
  const stats = await Promise.all(
    found.flat().map((path) => stat(path, { bigint: true }).catch(() => undefined)),
  );
  return stats.some((one) => one?.dev === dev && one.ino === ino);
}

async function filesOf(place: string): Promise<string[]> {
  const names = await readdir(place).catch(() => undefined);
  return names ? names.map((name) => join(place, name)) : [place];
}
