import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@synapse/core';
import { openToolRoom, type ToolRoom } from '@synapse/test/support/builtin-tools';

const CANARY = 'CANARY-90be';
const DURATION_MS = Number(process.env.SYNAPSE_TEST_RACE_MS ?? 500);

/** Exchanges, as fast as it can, a file and a folder for links that lead outside, and back. */
const flipper = `
  const { renameSync, symlinkSync, linkSync, unlinkSync, mkdirSync } = require('node:fs');
  const [workspace, outside] = process.argv.slice(1);
  process.chdir(workspace);
  process.stdout.write('ready');
  for (;;) {
    for (const [plain, link] of [['file', 'file-link'], ['folder', 'folder-link']]) {
      try {
        renameSync(plain, 'kept'); renameSync(link, plain);
        renameSync(plain, link); renameSync('kept', plain);
      } catch {}
    }
  }
`;

let room: ToolRoom;
let attacker: ChildProcess;

beforeEach(async () => {
  room = await openToolRoom();
  const { workspace, outside } = room;
  await mkdir(join(workspace, 'folder'));
  for (const name of ['file', 'folder/file']) await writeFile(join(workspace, name), 'plain');
  await writeFile(join(outside, 'file'), CANARY);
  await symlink(join(outside, 'file'), join(workspace, 'file-link'));
  await symlink(outside, join(workspace, 'folder-link'));
  attacker = spawn(process.execPath, ['-e', flipper, workspace, outside], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(attacker.stdout!, 'data');
});

afterEach(async () => {
  attacker.kill('SIGKILL');
  await once(attacker, 'exit');
  await room.close();
});

describe('file tools in a race with links', () => {
  it.each<[string, JsonObject[]]>([
    ['read', [{ path: 'file' }, { path: 'folder/file' }]],
    [
      'write',
      [
        { path: 'file', content: 'mine' },
        { path: 'folder/file', content: 'mine' },
        { path: 'folder/new/deep', content: 'mine' },
      ],
    ],
    [
      'edit',
      [
        { path: 'file', old: 'a', new: 'b' },
        { path: 'folder/file', old: 'CANARY', new: 'b' },
      ],
    ],
    ['list', [{ path: 'folder' }]],
    ['glob', [{ pattern: '**', path: 'folder' }, { pattern: '**' }]],
    ['grep', [{ pattern: 'CANARY', path: 'folder' }, { pattern: 'C[A]NARY' }]],
  ])(
    '%s leaks and damages nothing',
    async (name, inputs) => {
      let rounds = 0;
      let leaks = 0;
      let successes = 0;
      // A name that only the folder outside has gives a list away.
      await writeFile(join(room.outside, 'only-outside'), CANARY);
      const end = performance.now() + DURATION_MS;
      // A busy machine takes longer for a race that is one.
      while (performance.now() < end || rounds <= 5 || successes === 0) {
        for (const input of inputs) {
          const { output, isError } = await room.call(name, input);
          rounds += 1;
          if (output.includes(CANARY) || output.includes('only-outside')) leaks += 1;
          if (!isError) successes += 1;
        }
      }
      expect(leaks).toBe(0);
      expect((await readdir(room.outside)).sort()).toEqual(['file', 'only-outside']);
      expect(await readFile(join(room.outside, 'file'), 'utf8')).toBe(CANARY);
    },
    DURATION_MS + 20_000,
  );
});
