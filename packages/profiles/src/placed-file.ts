import { join } from 'node:path';
import type { ProfileKind, ProfileOrigin } from '@synapse/core/profiles';
import { createWalkBudget, findFiles, findFolder } from './find-files.ts';
import { formats } from './formats/index.ts';
import { foldersUpwards, type ProfileFolders } from './profile-folders.ts';
import type { ProfileFormat, ProfilePlace } from './profile-format.ts';

/** A file at a place where a program keeps profiles. */
export interface PlacedFile {
  kind: ProfileKind;
  format: ProfileFormat;
  origin: ProfileOrigin;
  /** The folder that the file may not leave by a link. */
  boundary: string;
  /** The name that its path gives it: `git:commit`. */
  pathName: string;
}

/** All files at the places of one kind, unread. */
export function findPlacedFiles(folders: ProfileFolders, kind: ProfileKind): PlacedFile[] {
  const budget = createWalkBudget();
  const found: PlacedFile[] = [];
  const look = (
    { format, place }: Row,
    folder: string,
    boundary: string,
    at: Pick<ProfileOrigin, 'scope' | 'distance'>,
  ) => {
    const limit = findFolder(boundary);
    if (limit === null || findFolder(folder) === null) return;
    const depth = place.isDeep ? Infinity : 0;
    for (const file of findFiles(folder, { depth, boundary: limit, budget })) {
      if (!place.ending.test(file)) continue;
      const pathName = file.replace(place.ending, '').replaceAll('/', ':');
      const origin = { client: format.client, path: join(folder, file), ...at };
      found.push({ kind, format, origin, boundary, pathName });
    }
  };
  const rows = rowsOf(kind);
  foldersUpwards(folders).forEach((folder, distance) => {
    for (const row of rows) {
      const { project } = row.place;
      const at = { scope: 'project' as const, distance };
      if (project !== null) look(row, join(folder, project), folders.root, at);
    }
  });
  for (const row of rows) {
    const folder = userFolder(folders, row.place);
    if (folder !== null) look(row, folder, folders.home, { scope: 'user', distance: 0 });
  }
  return found;
}

interface Row {
  format: ProfileFormat;
  place: ProfilePlace;
}

function rowsOf(kind: ProfileKind): Row[] {
  return formats.flatMap((format) =>
    format.places.filter((place) => place.kind === kind).map((place) => ({ format, place })),
  );
}

function userFolder({ home, configHome }: ProfileFolders, { user }: ProfilePlace): string | null {
  if (user === null) return null;
  return user.replace(/^~(?=\/)/, () => home).replace(/^\$config(?=\/)/, () => configHome);
}
