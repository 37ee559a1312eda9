import { existsSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { partialPathOf } from '@synapse/core/files';
import { aConversation } from '@synapse/test/support/samples';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import { openSqliteStore } from './open-sqlite-store.ts';

const folder = temporaryFolder();
let count = 0;

async function newDatabase(): Promise<string> {
  const path = join(folder, `${count++}`, 'synapse.db');
  const store = await openSqliteStore({ path });
  await aConversation(store, ['kept']);
  await store.close();
  return path;
}

it('rejects a database with two names, whichever is used, and shows the other', async () => {
  const path = await newDatabase();
  const second = join(path, '../second.db');
  linkSync(path, second);
  for (const [one, other] of [
    [path, second],
    [second, path],
  ] as const) {
    await expect(openSqliteStore({ path: one })).rejects.toMatchObject({
      code: 'SYNAPSE_STORAGE_UNAVAILABLE',
      message: `The database ${one} has 2 names (hard links); another one is ${other}.`,
    });
  }
});

it('rejects one whose other name is in another folder', async () => {
  const path = await newDatabase();
  mkdirSync(join(folder, 'elsewhere'));
  linkSync(path, join(folder, 'elsewhere', 'b.db'));
  await expect(openSqliteStore({ path })).rejects.toMatchObject({
    message: `The database ${path} has 2 names (hard links).`,
  });
});

it('opens one that a symbolic link leads to, with its log beside the file', async () => {
  const path = await newDatabase();
  const link = join(folder, 'link.db');
  symlinkSync(path, link);
  const store = await openSqliteStore({ path: link });
  await aConversation(store, ['more']);
  expect(existsSync(`${path}-wal`)).toBe(true);
  expect(existsSync(`${link}-wal`)).toBe(false);
  expect((await store.maintenance.info()).location).toBe(path);
  await store.close();
});

it('removes the second name that a backup had when it was killed', async () => {
  const path = await newDatabase();
  const partial = partialPathOf(path);
  linkSync(path, partial);
  await (await openSqliteStore({ path })).close();
  expect(existsSync(partial)).toBe(false);
});

it('rejects a new database next to the log of a missing one', async () => {
  const path = join(folder, 'gone.db');
  writeFileSync(`${path}-wal`, 'the messages that were stored last');
  await expect(openSqliteStore({ path })).rejects.toMatchObject({
    code: 'SYNAPSE_STORAGE_UNAVAILABLE',
    message: `The database ${path} is missing, but its log exists: ${path}-wal`,
  });
  expect(existsSync(path)).toBe(false);
  expect(readFileSync(`${path}-wal`, 'utf8')).toContain('stored last');
});

it('names the first missing folder, and creates none unless told to', async () => {
  const path = join(folder, 'misspelt', 'deeper', 'synapse.db');
  await expect(openSqliteStore({ path, makesFolder: false })).rejects.toMatchObject({
    code: 'SYNAPSE_STORAGE_CANNOT_CREATE',
    message: `${path} can't be created: the folder ${join(folder, 'misspelt')} does not exist.`,
  });
  expect(existsSync(join(folder, 'misspelt'))).toBe(false);
});
