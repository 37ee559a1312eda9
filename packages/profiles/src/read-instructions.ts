import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { FileNotFoundError, SynapseError } from '@synapse/core';
import type { Instructions, InstructionsFound } from '@synapse/core/profiles';
import { foldersUpwards, type ProfileFolders } from './profile-folders.ts';
import { MAX_BYTES, readInside } from './read-inside.ts';

const MAX_IMPORT_DEPTH = 5;
/** A mention of a text file that stands alone, outside of code. */
const IMPORT = /(?<=^|\s)@([\w./-]+\.(?:md|mdc|markdown|txt))(?=[\s.,;:)]|$)/gm;
const CODE = /(^```[^]*?^```[^\n]*$|`[^`\n]*`)/gm;

/** The user's own file of a name, besides the one in the folder of Synapse. */
const userFiles: Readonly<Record<string, string>> = {
  'CLAUDE.md': '.claude/CLAUDE.md',
  'GEMINI.md': '.gemini/GEMINI.md',
};

/** Reads the instructions of these names, nearest first, with their imports in the text. */
export function readInstructions(
  folders: ProfileFolders,
  names: readonly string[],
): InstructionsFound {
  const found: InstructionsFound = { files: [], problems: [] };
  const seen = new Set<string>();
  let left = MAX_BYTES;
  for (const place of placesOf(folders, names)) {
    if (!existsSync(place.path)) continue;
    try {
      const text = withImports(place, MAX_IMPORT_DEPTH, { seen, problems: found.problems }).trim();
      const size = Buffer.byteLength(text);
      if (text === '') continue;
      if (size > left) {
        found.problems.push(`${place.path}: all instructions together are larger than 256 kB.`);
        continue;
      }
      left -= size;
      const sha256 = createHash('sha256').update(text).digest('hex');
      const { name, scope, path } = place;
      found.files.push({ name, scope, path, text, sha256 });
    } catch (error) {
      if (!(error instanceof SynapseError)) throw error;
      if (!(error instanceof FileNotFoundError)) found.problems.push(error.message);
    }
  }
  return found;
}

type Place = Pick<Instructions, 'name' | 'scope' | 'path'> & { boundary: string };

function placesOf(folders: ProfileFolders, names: readonly string[]): Place[] {
  const { root, home, configHome } = folders;
  const inProject = foldersUpwards(folders).flatMap((folder) =>
    names.map((name): Place => {
      const path = join(folder, name);
      return { name: relative(root, path), scope: 'project', path, boundary: root };
    }),
  );
  const ofUser = names.flatMap((name) => {
    const foreign = userFiles[name];
    const own = join(configHome, 'synapse', basename(name));
    return [own, ...(foreign === undefined ? [] : [join(home, foreign)])];
  });
  const asPlace = (path: string): Place => ({ name: path, scope: 'user', path, boundary: home });
  return [...inProject, ...ofUser.map(asPlace)];
}

interface Importing {
  seen: Set<string>;
  problems: string[];
}

/**
 * The text of a file with what it imports at its place. A file that was imported already, or can't be,
 * stays a mention.
 */
function withImports(
  { path, boundary }: Pick<Place, 'path' | 'boundary'>,
  depth: number,
  importing: Importing,
): string {
  const { seen, problems } = importing;
  seen.add(path);
  const { text } = readInside(path, boundary);
  const importFile = (mention: string, name: string): string => {
    const target = resolve(dirname(path), name);
    if (depth === 0 || seen.has(target) || !existsSync(target)) return mention;
    try {
      return withImports({ path: target, boundary }, depth - 1, importing).trim();
    } catch (error) {
      if (!(error instanceof SynapseError)) throw error;
      problems.push(error.message);
      return mention;
    }
  };
  // The pieces at odd places are code.
  const pieces = text.split(CODE);
  return pieces
    .map((piece, index) => (index % 2 === 1 ? piece : piece.replaceAll(IMPORT, importFile)))
    .join('');
}
