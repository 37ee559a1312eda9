import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Store } from '@synapse/core';
import { copyStore } from '@synapse/portability';
import { SCHEMA_VERSION } from '@synapse/storage-knex';
import { aConversation, aMessage, noon } from '@synapse/test/support/samples';
import { execute, closeConnection, openConnection } from './connection.ts';
import { loadDrivers } from './load-drivers.ts';
import { openSqliteStore } from './open-sqlite-store.ts';
import { restoreSqliteStore } from './restore-sqlite-store.ts';

let folder: string;
let store: Store;
const open = (name: string) => openSqliteStore({ path: join(folder, name) });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "synapse-it's-"));
  store = await open('a.db');
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function backUp(name = 'copy.db', overwrite = false): Promise<string> {
  const path = join(folder, name);
  await store.maintenance.fileBackup!.write(path, { overwrite });
  return path;
}

async function runSql(path: string, sql: string): Promise<void> {
  const { sqlite3 } = await loadDrivers();
  const connection = await openConnection(sqlite3, path);
  await execute(connection, sql);
  await closeConnection(connection);
}

describe('a backup', () => {
  it('opens as a store with the same content', async () => {
    await aConversation(store, ['a fox', 'a hen']);
    const path = await backUp();
    const copy = await openSqliteStore({ path });
    expect(await copyStore(store, copy)).toMatchObject({ presentCount: 1, differing: [] });
    expect(await copy.maintenance.check()).toEqual([]);
    await copy.close();
  });

  it('is private to its owner, whatever the umask, and leaves no other file', async () => {
    const umask = process.umask(0);
    try {
      expect(statSync(await backUp()).mode & 0o777).toBe(0o600);
    } finally {
      process.umask(umask);
    }
    const names = readdirSync(folder).filter((name) => name.startsWith('copy'));
    expect(names).toEqual(['copy.db']);
  });

  it('replaces no file without confirmation', async () => {
    const path = await backUp();
    writeFileSync(path, 'mine');
    const exists = { code: 'SYNAPSE_STORAGE_CANNOT_CREATE' };
    await expect(backUp()).rejects.toMatchObject(exists);
    expect(readFileSync(path, 'utf8')).toBe('mine');
    await backUp('copy.db', true);
    expect(readFileSync(path).subarray(0, 15).toString()).toBe('SQLite format 3');
    await expect(backUp('a.db', true)).rejects.toMatchObject(exists);
    chmodSync(folder, 0o700);
  });

  it('leaves nothing behind if it fails', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(backUp('file/copy.db')).rejects.toMatchObject({
      code: 'SYNAPSE_STORAGE_CANNOT_CREATE',
    });
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('is a consistent snapshot of a store that is written to meanwhile', async () => {
    const { id } = await aConversation(store, ['first']);
    const controller = new AbortController();
    const writing = (async () => {
      while (!controller.signal.aborted)
        await store.sessions.append(id, [aMessage('more'), aMessage('pair')], null);
    })();
    const paths: string[] = [];
    for (let index = 0; index < 5; index += 1) paths.push(await backUp(`copy-${index}.db`));
    controller.abort();
    await writing;
    for (const path of paths) {
      const copy = await openSqliteStore({ path });
      expect(await copy.maintenance.check()).toEqual([]);
      expect((await copy.sessions.get(id))!.messageCount % 2).toBe(1);
      await copy.close();
    }
  });
});

describe('restoreSqliteStore', () => {
  const restore = (from: string, overwrite: boolean) =>
    restoreSqliteStore({ from, to: join(folder, 'a.db'), overwrite, now: noon });

  it('replaces the database with a backup, and moves the database aside', async () => {
    const { id } = await aConversation(store, ['kept']);
    const path = await backUp();
    await store.sessions.append(id, [aMessage('said later')], null);
    await store.close();
    const { asidePath } = await restore(path, true);
    store = await open('a.db');
    expect(await store.sessions.get(id)).toMatchObject({ messageCount: 1 });
    expect(statSync(join(folder, 'a.db')).mode & 0o777).toBe(0o600);
    const aside = await openSqliteStore({ path: asidePath! });
    expect(await aside.sessions.get(id)).toMatchObject({ messageCount: 2 });
    await aside.close();
  });

  it('restores to a path without a database', async () => {
    const { id } = await aConversation(store, ['kept']);
    const from = await backUp();
    const to = join(folder, 'new.db');
    const report = await restoreSqliteStore({ from, to, overwrite: false, now: noon });
    expect(report).toEqual({ path: to, asidePath: null });
    const copy = await open('new.db');
    expect(await copy.sessions.get(id)).toBeDefined();
    await copy.close();
  });

  it('replaces no database without confirmation, and none that is open', async () => {
    const { id } = await aConversation(store, ['kept']);
    const path = await backUp();
    await expect(restore(path, true)).rejects.toMatchObject({ code: 'SYNAPSE_STORAGE_BUSY' });
    expect(await store.sessions.get(id)).toBeDefined();
    await store.sessions.append(id, [aMessage('and on')], null);
    await store.close();
    const refused = restore(path, false);
    await expect(refused).rejects.toMatchObject({ code: 'SYNAPSE_STORAGE_CANNOT_CREATE' });
    store = await open('a.db');
    expect(await store.sessions.get(id)).toMatchObject({ messageCount: 2 });
  });

  it('rejects a file that is not a backup, damaged or newer, and changes nothing', async () => {
    await aConversation(
      store,
      Array.from({ length: 50 }, () => 'long text '.repeat(200)),
    );
    const newer = await backUp('newer.db');
    const damaged = await backUp('damaged.db');
    const other = join(folder, 'other.db');
    await store.close();
    await runSql(newer, 'pragma user_version = 99');
    await runSql(other, 'create table t (x)');
    writeFileSync(join(folder, 'text'), 'no database at all');
    const bytes = readFileSync(damaged);
    writeFileSync(damaged, bytes.fill(7, 8192, 40_000));
    const before = readFileSync(join(folder, 'a.db'));
    const expected: Record<string, string> = {
      [newer]: 'SYNAPSE_STORAGE_SCHEMA_NEWER',
      [damaged]: 'SYNAPSE_STORAGE_DAMAGED',
      [other]: 'SYNAPSE_STORAGE_FOREIGN',
      [join(folder, 'text')]: 'SYNAPSE_STORAGE_DAMAGED',
      [join(folder, 'none')]: 'SYNAPSE_FILE_NOT_FOUND',
    };
    for (const [path, code] of Object.entries(expected)) {
      await expect(restore(path, true)).rejects.toMatchObject({ code });
    }
    expect(readFileSync(join(folder, 'a.db')).equals(before)).toBe(true);
    store = await open('a.db');
  });

  it('does not move a database aside that is newer than this program', async () => {
    const path = await backUp();
    await store.close();
    await runSql(join(folder, 'a.db'), 'pragma user_version = 99');
    const refused = restore(path, true);
    await expect(refused).rejects.toMatchObject({ code: 'SYNAPSE_STORAGE_SCHEMA_NEWER' });
    expect(existsSync(join(folder, 'a.db'))).toBe(true);
    await runSql(join(folder, 'a.db'), `pragma user_version = ${SCHEMA_VERSION}`);
    store = await open('a.db');
  });
});
