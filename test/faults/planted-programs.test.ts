import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openToolRoom, type ToolRoom } from '@synapse/test/support/builtin-tools';

let room: ToolRoom;
const names = ['rg', 'git', 'bash', 'sh', 'bwrap', 'prlimit', 'env'];
const marker = () => join(room.folder, 'executed');

/** A part of a repository that a search path leads into, as `npm run` and tools for folders do it. */
beforeAll(async () => {
  room = await openToolRoom((folder) => ({
    sandbox: 'off',
    environment: {
      PATH: [
        join(folder, 'ws/bin'),
        join(folder, 'alias/bin'),
        './bin',
        join(folder, 'node_modules/.bin'),
        process.env.PATH,
      ].join(delimiter),
    },
  }));
  await mkdir(join(room.folder, '.git'));
  await symlink(room.workspace, join(room.folder, 'alias'));
  for (const place of ['ws/bin', 'node_modules/.bin']) {
    await mkdir(join(room.folder, place), { recursive: true });
    for (const name of names) {
      const program = join(room.folder, place, name);
      await writeFile(program, `#!/bin/sh\necho ${name} >>'${marker()}'\n`);
      await chmod(program, 0o755);
    }
  }
  await writeFile(join(room.workspace, 'a.txt'), 'needle');
});
beforeEach(() => rm(marker(), { force: true }));
afterAll(() => room.close());

describe('programs in the project', () => {
  it('are not taken for those of the system by a search', async () => {
    const { output } = await room.call('grep', { pattern: 'needle' });
    expect(existsSync(marker())).toBe(false);
    expect(output).toBe('a.txt:1: needle');
  });

  it('are not taken for those of the system by a command', async () => {
    const { output } = await room.call('shell', { command: 'git --version; rg --version; env' });
    expect(existsSync(marker())).toBe(false);
    expect(output).toContain('git version');
  });
});
