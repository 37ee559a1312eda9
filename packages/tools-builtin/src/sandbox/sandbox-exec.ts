import { findGuards } from './find-guards.ts';
import type { Sandbox } from './sandbox.ts';

/** The sandbox of macOS. Its rules go by path; the last that fits decides. */
export function createSandboxExec(program: string): Sandbox {
  return {
    name: 'sandbox-exec',
    async prepare({ command, roots, protectedPaths, environment, allowNetwork }) {
      const guards = await findGuards(roots, protectedPaths);
      const hidden = [...guards.hiddenFiles, ...guards.hiddenFolders, ...protectedPaths];
      const home = process.env.HOME;
      const profile = [
        '(version 1)',
        '(allow default)',
        '(deny file-write*)',
        '(allow file-write* (subpath "/private/tmp") (subpath "/private/var/folders") (literal "/dev/null"))',
        ...(home === undefined ? [] : [`(deny file-read-data (subpath ${quote(home)}))`]),
        ...roots.map((root) => `(allow file-read* file-write* (subpath ${quote(root)}))`),
        ...[...guards.readOnly, ...guards.absent, ...guards.unwanted].map(
          (path) => `(deny file-write* (subpath ${quote(path)}))`,
        ),
        ...guards.pinned.map((path) => `(deny file-write* (literal ${quote(path)}))`),
        ...hidden.map((path) => `(deny file-read* file-write* (subpath ${quote(path)}))`),
        ...(allowNetwork ? [] : ['(deny network*)']),
      ].join('\n');
      return {
        command: [program, '-p', profile, ...command],
        environment,
        finish: async () => [],
      };
    },
  };
}

function quote(path: string): string {
  return `"${path.replace(/["\\]/g, String.raw`\$&`)}"`;
}
