import { lstat, readlink, realpath } from 'node:fs/promises';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';
import { NotPermittedError } from '@synapse/core';
import { isInside } from '../workspace/paths.ts';
import { findGuards, type Guards } from './find-guards.ts';
import { makePlaceholders, removePlaceholders, setAside } from './placeholders.ts';
import type { Sandbox } from './sandbox.ts';

const MAX_ARGUMENTS = 8000;
const SCRATCH_BYTES = 512 * 1024 * 1024;

const systemFolders = '/usr /bin /sbin /lib /lib32 /lib64 /libx32 /opt /nix'.split(' ');

/** Of /etc, what programs need to run; nothing that holds keys or accounts of services. */
const systemFiles = (
  'alternatives ssl/certs ssl/openssl.cnf pki ca-certificates crypto-policies ld.so.cache ld.so.conf ' +
  'ld.so.conf.d localtime timezone nsswitch.conf passwd group hosts host.conf resolv.conf protocols ' +
  'services mime.types terminfo fonts java maven python3 perl gitattributes bash.bashrc inputrc'
)
  .split(' ')
  .map((name) => `/etc/${name}`);

export function createBubblewrap(program: string): Sandbox {
  return {
    name: 'bubblewrap',
    async prepare(request) {
      if (request.roots.some((root) => root === '/')) {
        throw new NotPermittedError('The root of the file system cannot be put in a sandbox.', {
          hint: 'Start Synapse in the folder of a project.',
        });
      }
      const guards = await findGuards(request.roots, request.protectedPaths);
      const placeholders = await makePlaceholders(guards.absent);
      const args = [
        ...isolation(request.allowNetwork),
        ...(await systemMounts(request.environment.PATH ?? '')),
        ...rootMounts(request.roots),
        ...guardMounts(guards, placeholders),
        ...Object.entries(request.environment).flatMap(([name, value]) => [
          '--setenv',
          name,
          value,
        ]),
        ...['--setenv', 'HOME', '/tmp/home', '--setenv', 'TMPDIR', '/tmp'],
        // What is left of the root is the sandbox's own, and empty.
        ...['--remount-ro', '/'],
        ...['--chdir', request.workingDirectory, '--', ...request.command],
      ];
      if (args.length > MAX_ARGUMENTS) {
        await removePlaceholders(placeholders);
        throw new NotPermittedError('There are too many guarded files here for a sandbox.', {
          hint: 'Start Synapse in a smaller folder.',
        });
      }
      return {
        command: [program, ...args],
        environment: {},
        async finish() {
          await removePlaceholders(placeholders);
          return setAside(guards.unwanted);
        },
      };
    },
  };
}

export function isolation(allowNetwork: boolean): string[] {
  return [
    ...['--unshare-all', '--unshare-user', '--disable-userns', '--die-with-parent'],
    ...['--new-session', '--clearenv', '--cap-drop', 'ALL'],
    ...(allowNetwork ? ['--share-net'] : []),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...['--size', String(SCRATCH_BYTES), '--tmpfs', '/tmp', '--dir', '/tmp/home'],
  ];
}

export async function systemMounts(searchPath: string): Promise<string[]> {
  const folders = await Promise.all(systemFolders.map(mountSystemFolder));
  const files = systemFiles.flatMap((path) => ['--ro-bind-try', path, path]);
  const programs = await Promise.all(
    searchPath.split(delimiter).filter(isAbsolute).map(mountPrograms),
  );
  return [...folders.flat(), ...files, ...programs.flat()];
}

async function mountSystemFolder(path: string): Promise<string[]> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats) return [];
  return stats.isSymbolicLink()
    ? ['--symlink', await readlink(path), path]
    : ['--ro-bind', path, path];
}

/** A folder of programs that lies elsewhere, such as that of a version manager, and its libraries. */
async function mountPrograms(path: string): Promise<string[]> {
  if (systemFolders.some((folder) => isInside(folder, path))) return [];
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined || real === '/') return [];
  // A version manager's stand-ins lead to programs elsewhere in its folder.
  if (basename(real) === 'shims') return ['--ro-bind', dirname(real), dirname(real)];
  const library = join(dirname(real), 'lib');
  return [
    ...['--ro-bind', real, path],
    ...(real.endsWith('/bin') && path === real ? ['--ro-bind-try', library, library] : []),
  ];
}

function rootMounts(roots: readonly string[]): string[] {
  // An outer folder mounted later would cover an inner one.
  const outerFirst = [...roots].sort((a, b) => a.length - b.length);
  return outerFirst.flatMap((root) => ['--bind', root, root]);
}

function guardMounts(guards: Guards, placeholders: readonly string[]): string[] {
  return [
    ...guards.pinned.flatMap((path) => ['--bind', path, path]),
    ...[...guards.readOnly, ...placeholders].flatMap((path) => ['--ro-bind-try', path, path]),
    ...guards.hiddenFiles.flatMap((path) => ['--ro-bind', '/dev/null', path]),
    ...guards.hiddenFolders.flatMap((path) => ['--tmpfs', path, '--remount-ro', path]),
  ];
}
