import { dirname } from 'node:path';
import type { ProfileSource } from '@synapse/core/profiles';
import { synapseFormat } from './formats/synapse.ts';
import { findPlacedFiles, type PlacedFile } from './placed-file.ts';
import type { ProfileFolders } from './profile-folders.ts';
import { readInstructions } from './read-instructions.ts';
import { readEntry, readProfile } from './read-profile.ts';

/** Reads the profiles of a project and of the user; nothing is read before it is asked for. */
export function openProfileSource(folders: ProfileFolders): ProfileSource {
  return {
    list: (kind) =>
      Promise.all(
        findPlacedFiles(folders, kind).map(async (file) => ({ ...(await readEntry(file)), kind })),
      ),
    async read({ kind, origin }) {
      const placed = findPlacedFiles(folders, kind).find(
        (file) => file.origin.path === origin.path && file.origin.client === origin.client,
      );
      return (await readProfile(placed ?? named(kind, origin))) as never;
    },
    instructions: async (names) => readInstructions(folders, names),
  };
}

/** A file at no usual place is one of Synapse, which the user has named. */
function named(kind: PlacedFile['kind'], origin: PlacedFile['origin']): PlacedFile {
  const { path } = origin;
  const pathName = (path.split(/[/\\]/).at(-1) ?? '').replace(/\.\w+$/, '');
  return { kind, format: synapseFormat, origin, boundary: dirname(path), pathName };
}
