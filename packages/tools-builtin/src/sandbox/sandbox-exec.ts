import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isInside } from '../workspace/paths.ts';
import { findGuards, tooManyGuards, type Guards } from './find-guards.ts';
import { NewFileWatch } from './new-file-watch.ts';
import { programFolders } from './program-folders.ts';
import type { Sandbox } from './sandbox.ts';
import { baseRules, networkRules, SeatbeltProfile } from './seatbelt-profile.ts';

const MAX_PATHS = 4000;

/** The folders with users' own files; the system itself may be read. */
const privatePlaces = ['/Users', '/Volumes', '/Network', '/private/var/root', '/Library/Keychains'];

/** The sandbox of macOS. Its rules match paths; the last matching rule decides. */
export function createSandboxExec(program: string): Sandbox {
  return {
    name: 'sandbox-exec',
    async prepare({ command, roots, protectedPaths, environment, allowNetwork }) {
      const guards = await findGuards(roots, protectedPaths);
      // A path that does not exist has no case of letters yet: in other letters it is only watched.
      const newFiles = new NewFileWatch(guards);
      const temporary = await realpath(tmpdir());
      const scratch = await mkdtemp(join(temporary, 'synapse-'));
      const finish = async (): Promise<string[]> => {
        await rm(scratch, { recursive: true, force: true });
        return [...guards.notes, ...(await newFiles.finish())];
      };

      const profile = new SeatbeltProfile(baseRules);
      const home = await realpath(homedir()).catch(homedir);
      const isPrivate = [...privatePlaces, '/private/tmp', temporary, home];
      profile.add('deny file-read-data file-read-xattr', 'subpath', isPrivate);
      const programs = await programFolders(environment.PATH ?? '');
      profile.add(
        'allow file-read*',
        'subpath',
        programs.map(({ real }) => real),
      );
      profile.add('allow file-read* file-write*', 'subpath', [...roots, scratch]);
      addGuards(profile, guards, roots);
      profile.add('deny file-read* file-write*', 'subpath', protectedPaths);
      if (allowNetwork) profile.addText(networkRules);
      if (profile.pathCount > MAX_PATHS) {
        await finish();
        throw tooManyGuards();
      }
      return {
        command: [program, ...profile.toArguments(), ...command],
        // Programs fail if they can't read their settings.
        environment: { ...environment, HOME: scratch, TMPDIR: scratch },
        descriptor: null,
        watch: (onForbidden) => newFiles.watch(onForbidden),
        mustNotAppear: newFiles.names(),
        finish,
      };
    },
  };
}

function addGuards(profile: SeatbeltProfile, guards: Guards, roots: readonly string[]): void {
  const unwritable = [...guards.readOnly, ...guards.absent, ...guards.unwanted];
  const hidden = [...guards.hiddenFiles, ...guards.hiddenFolders];
  profile.add('deny file-write*', 'subpath', unwritable);
  profile.add('deny file-write*', 'literal', guards.pinned);
  profile.add('deny file-read* file-write*', 'subpath', hidden);
  // If a file moved together with its folder, no rule would match its new path.
  const folders = [...unwritable, ...guards.pinned, ...hidden].flatMap((path) =>
    foldersAbove(path, roots),
  );
  profile.add('deny file-write-unlink', 'literal', [...new Set([...roots, ...folders])]);
}

function foldersAbove(path: string, roots: readonly string[]): string[] {
  const parent = dirname(path);
  return roots.some((root) => isInside(root, parent))
    ? [parent, ...foldersAbove(parent, roots)]
    : [];
}
