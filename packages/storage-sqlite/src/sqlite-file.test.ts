import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseSearchQuery } from '@synapse/core';
import { SCHEMA_VERSION } from '@synapse/storage-knex';
import { aConversation, textsOf } from '@synapse/test/support/samples';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import sqlite3 from 'sqlite3';
import { backUp, backupsOf } from './back-up.ts';
import { refuseUnsafeVersion } from './configure-connection.ts';
import { closeConnection, execute, readRow } from './connection.ts';
import { isNetworkFileSystem } from './is-network-file-system.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

const folder = temporaryFolder();
let count = 0;
const newPath = () => join(folder, `${count++}`, 'deep', 'synapse.db');

async function onFile<T>(path: string, work: (database: sqlite3.Database) => Promise<T>) {
  const database = new sqlite3.Database(path, () => undefined);
  try {
    return await work(database);
  } finally {
    await closeConnection(database);
  }
}

async function aFile(path: string, content: string | Buffer): Promise<Buffer> {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return readFileSync(path);
}

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}

describe('the file of a SQLite store', () => {
  let umask: number;
  beforeEach(() => {
    umask = process.umask(0);
  });
  afterEach(() => {
    process.umask(umask);
  });

  it('is private to its owner, with all files next to it', async () => {
    const path = newPath();
    const store = await openSqliteStore({ path });
    await aConversation(store, ['q']);
    const deep = join(path, '..');
    expect(readdirSync(deep).sort()).toEqual(
      ['', '-migrate', '-shm', '-wal'].map((suffix) => `synapse.db${suffix}`),
    );
    for (const name of readdirSync(deep)) {
      expect(statSync(join(deep, name)).mode & 0o777).toBe(0o600);
    }
    expect(statSync(deep).mode & 0o777).toBe(0o700);
    await store.close();
  });

  it('is made private when it was not', async () => {
    const path = newPath();
    await (await openSqliteStore({ path })).close();
    chmodSync(path, 0o644);
    await (await openSqliteStore({ path })).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('warns when other users can change the folder', async () => {
    const path = newPath();
    mkdirSync(join(path, '..'), { recursive: true, mode: 0o777 });
    const warnings: string[] = [];
    const ignore = () => undefined;
    const warn = (_: unknown, message: string) => void warnings.push(message);
    const logger = { debug: ignore, info: ignore, error: ignore, warn };
    await (await openSqliteStore({ path, logger })).close();
    expect(warnings).toEqual(['other users may change the folder of the database']);
  });

  it('may be empty at first', async () => {
    const path = newPath();
    await aFile(path, '');
    const store = await openSqliteStore({ path });
    expect((await aConversation(store, ['q'])).messages).toHaveLength(1);
    await store.close();
  });

  it('keeps what was stored', async () => {
    const path = newPath();
    const first = await openSqliteStore({ path });
    const { id } = await aConversation(first, ['q', 'a']);
    await first.close();
    const second = await openSqliteStore({ path });
    expect(textsOf(await second.sessions.messages(id, { limit: 9 }))).toEqual(['q', 'a']);
    expect(await second.maintenance.info()).toMatchObject({
      engine: 'sqlite',
      location: path,
      schemaVersion: SCHEMA_VERSION,
    });
    await second.close();
  });

  it('has WAL, the id of Synapse and the version of the schema', async () => {
    const path = newPath();
    await (await openSqliteStore({ path })).close();
    await onFile(path, async (database) => {
      expect(await readRow(database, 'pragma journal_mode')).toEqual({ journal_mode: 'wal' });
      expect(await readRow(database, 'pragma application_id')).toEqual({
        application_id: 0x53796e61,
      });
      expect(await readRow(database, 'pragma user_version')).toEqual({
        user_version: SCHEMA_VERSION,
      });
      expect(
        await readRow(database, 'select version, name from schema_migrations limit 1'),
      ).toEqual({
        version: 1,
        name: '0001-create-sessions',
      });
    });
  });

  it('contains nothing of purged sessions', async () => {
    const path = newPath();
    const store = await openSqliteStore({ path });
    const { id } = await aConversation(store, ['canary-in-the-mine', 'x'.repeat(20_000)]);
    await store.sessions.clear(id, null);
    await aConversation(store, ['another']);
    expect(readFileSync(`${path}-wal`).includes('canary')).toBe(true);
    await store.sessions.purge([id]);
    for (const name of [path, `${path}-wal`]) {
      expect(readFileSync(name).includes('canary')).toBe(false);
    }
    await store.close();
  });
});

it('names a table that was dropped while the store was open', async () => {
  const path = newPath();
  const store = await openSqliteStore({ path });
  await onFile(path, (database) => execute(database, 'drop table messages_search'));
  const searched = store.search.search(parseSearchQuery('fox', new Date()), { limit: 5 });
  await expect(searched).rejects.toMatchObject({
    code: 'SYNAPSE_STORAGE_SCHEMA_MISMATCH',
    message: expect.stringContaining('messages_search is missing') as unknown,
  });
  await store.close();
});

describe('a SQLite store rejects and does not change', () => {
  it.each([
    ['text', 'This is a letter to my aunt. '.repeat(200)],
    ['zeros', Buffer.alloc(8192)],
    ['a damaged header', Buffer.from(`SQLite format 3\0${'\xff'.repeat(4000)}`, 'latin1')],
  ])('a file that is not a database: %s', async (_, content) => {
    const path = newPath();
    const before = await aFile(path, content);
    await expect(openSqliteStore({ path })).rejects.toMatchObject({
      code: 'SYNAPSE_STORAGE_DAMAGED',
      message: expect.stringContaining(path) as unknown,
    });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(join(path, '..'))).toEqual(['synapse.db']);
    expect(openFiles().filter((name) => name.startsWith(path))).toEqual([]);
  });

  it('half a database', async () => {
    const path = newPath();
    const store = await openSqliteStore({ path });
    await aConversation(store, ['q'.repeat(50_000)]);
    await store.close();
    truncateSync(path, Math.floor(statSync(path).size / 2));
    const before = readFileSync(path);
    const error: unknown = await openSqliteStore({ path }).then(
      async (half) => {
        const failure: unknown = await half.sessions.list({ limit: 500, text: 'q' }).then(
          () => half.sessions.create({ id: 'x', createdAt: new Date() }),
          (reason: unknown) => reason,
        );
        await half.close();
        return failure;
      },
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'SYNAPSE_STORAGE_DAMAGED' });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it.each([
    ['a table', 'drop table audit', 'audit.id'],
    ['a column', 'alter table messages rename column parts to parus', 'messages.parts'],
  ])('a database of the right version that lacks %s', async (_, sql, missing) => {
    const path = newPath();
    await (await openSqliteStore({ path })).close();
    await onFile(path, (database) => execute(database, sql));
    const before = readFileSync(path);
    await expect(openSqliteStore({ path })).rejects.toMatchObject({
      code: 'SYNAPSE_STORAGE_SCHEMA_MISMATCH',
      message: expect.stringMatching(new RegExp(`${path}.* ${missing} is missing`)) as unknown,
    });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it.each([
    ['another application id', 'create table t (a); pragma application_id = 7'],
    ['tables of others', 'create table notes (a); pragma user_version = 1'],
  ])('the database of another program: %s', async (_, sql) => {
    const path = newPath();
    await aFile(path, '');
    await onFile(path, (database) => execute(database, sql));
    const before = readFileSync(path);
    await expect(openSqliteStore({ path })).rejects.toMatchObject({
      code: 'SYNAPSE_STORAGE_FOREIGN',
    });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(openFiles().filter((name) => name.startsWith(path))).toEqual([]);
  });

  it('a schema that is newer', async () => {
    const path = newPath();
    await (await openSqliteStore({ path })).close();
    await onFile(path, (database) => execute(database, 'pragma user_version = 77'));
    const before = readFileSync(path);
    await expect(openSqliteStore({ path })).rejects.toMatchObject({
      code: 'SYNAPSE_STORAGE_SCHEMA_NEWER',
      message: `The database has schema version 77; this Synapse knows versions up to ${SCHEMA_VERSION}.`,
    });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('a path that cannot be a file', async () => {
    const file = newPath();
    await aFile(file, '');
    for (const path of [join(file, 'below-a-file.db'), folder, '/proc/synapse.db']) {
      await expect(openSqliteStore({ path })).rejects.toMatchObject({
        code: 'SYNAPSE_STORAGE_CANNOT_CREATE',
      });
    }
  });

  it('a SQLite that can damage the file', () => {
    for (const version of ['3.7.0', '3.44.2', '3.51.2']) {
      expect(() => refuseUnsafeVersion(version)).toThrow(`SQLite ${version} can damage`);
    }
    for (const version of ['3.51.3', '3.52.0', '4.0.0']) refuseUnsafeVersion(version);
  });
});

describe('the care of a SQLite store', () => {
  it('backs up before it migrates, and keeps the latest three', async () => {
    const path = newPath();
    await (await openSqliteStore({ path })).close();
    const { default: knex } = await import('knex');
    const database = knex({
      client: 'sqlite3',
      connection: { filename: path },
      useNullAsDefault: true,
    });
    for (let day = 1; day <= 5; day++) {
      await backUp(database, path, 1, new Date(Date.UTC(2026, 0, day)));
    }
    await database.destroy();
    const backups = backupsOf(path);
    expect(backups.map((name) => name.slice(path.length))).toEqual([
      '.backup-20260103T000000000Z-v1',
      '.backup-20260104T000000000Z-v1',
      '.backup-20260105T000000000Z-v1',
    ]);
    for (const backup of backups) {
      expect(statSync(backup).mode & 0o777).toBe(0o600);
      await (await openSqliteStore({ path: backup })).close();
    }
  });

  it('recognises network file systems', () => {
    const on = (type: number) => isNetworkFileSystem('/', (() => ({ type })) as never);
    expect([0x6969, 0xff534d42, 0x65735546].map(on)).toEqual([true, true, true]);
    expect([0xef53, 0x01021994].map(on)).toEqual([false, false]);
  });
});
