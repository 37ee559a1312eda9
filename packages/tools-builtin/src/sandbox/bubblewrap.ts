import { lstat, readlink } from 'node:fs/promises';
import { findGuards, tooManyGuards, type Guards } from './find-guards.ts';
import { kernelFilterFor } from './kernel-filter.ts';
import { NewFileWatch } from './new-file-watch.ts';
import { programFolders } from './program-folders.ts';
import type { Sandbox } from './sandbox.ts';

const MAX_ARGUMENTS = 8000;
const SCRATCH_BYTES = 512 * 1024 * 1024;

const systemFolders = '/usr /bin /sbin /lib /lib32 /lib64 /libx32 /opt /nix'.split(' ');

/** The parts of /etc that programs need to run, without keys and accounts of services. */
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
      const guards = await findGuards(request.roots, request.protectedPaths);
      const newFiles = new NewFileWatch(guards);
      const filter = kernelFilterFor(request);
      const args = [
        ...(filter ? ['--seccomp', '3'] : []),
        ...isolation(request.allowNetwork),
        ...(await systemMounts(request.environment.PATH ?? '')),
        ...rootMounts(request.roots),
        ...guardMounts(guards),
        ...Object.entries(request.environment).flatMap(([name, value]) => [
          '--setenv',
          name,
          value,
        ]),
        ...['--setenv', 'HOME', '/tmp/home', '--setenv', 'TMPDIR', '/tmp'],
        // The rest of the root belongs to the sandbox, and is empty.
        ...['--remount-ro', '/'],
        ...['--chdir', request.workingDirectory, '--', ...request.command],
      ];
      if (args.length > MAX_ARGUMENTS) throw tooManyGuards();
      return {
        command: [program, ...args],
        environment: {},
        descriptor: filter,
        watch: (onForbidden) => newFiles.watch(onForbidden),
        mustNotAppear: newFiles.names(),
        finish: async () => [...guards.notes, ...(await newFiles.finish())],
      };
    },
  };
}

function isolation(allowNetwork: boolean): string[] {
  return [
    ...['--unshare-all', '--unshare-user', '--disable-userns', '--die-with-parent'],
    ...['--new-session', '--clearenv', '--cap-drop', 'ALL'],
    ...(allowNetwork ? ['--share-net'] : []),
    ...['--proc', '/proc', '--dev', '/dev'],
    // Settings of the kernel belong to root, and the superuser is root in here, too.
    ...['--ro-bind', '/proc/sys', '/proc/sys'],
    ...['--size', String(SCRATCH_BYTES), '--tmpfs', '/tmp', '--dir', '/tmp/home'],
  ];
}

async function systemMounts(searchPath: string): Promise<string[]> {
  const folders = await Promise.all(systemFolders.map(mountSystemFolder));
  const files = systemFiles.flatMap((path) => ['--ro-bind-try', path, path]);
  const programs = (await programFolders(searchPath)).flatMap(({ real, path }) => [
    '--ro-bind-try',
    real,
    path,
  ]);
  return [...folders.flat(), ...files, ...programs];
}

async function mountSystemFolder(path: string): Promise<string[]> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats) return [];
  return stats.isSymbolicLink()
    ? ['--symlink', await readlink(path), path]
    : ['--ro-bind', path, path];
}

function rootMounts(roots: readonly string[]): string[] {
  // An outer folder mounted later would cover an inner one.
  const outerFirst = [...roots].sort((a, b) => a.length - b.length);
  return outerFirst.flatMap((root) => ['--bind', root, root]);
}

function guardMounts(guards: Guards): string[] {
  return [
    ...guards.pinned.flatMap((path) => ['--bind', path, path]),
    ...guards.readOnly.flatMap((path) => ['--ro-bind-try', path, path]),
    ...guards.hiddenFiles.flatMap((path) => ['--ro-bind', '/dev/null', path]),
    ...guards.hiddenFolders.flatMap((path) => ['--tmpfs', path, '--remount-ro', path]),
  ];
}
