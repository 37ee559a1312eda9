import { randomUUID } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InvalidDataError } from '@synapse/core';
import sqlite3, { type Database } from 'sqlite3';
import type { History, HistoryFile, Skip } from './history.ts';
import { textIn } from './json-values.ts';
import {
  isDatabaseWith,
  readDatabase,
  SqliteSource,
  type DatabaseReader,
} from './sqlite-source.ts';

let folder: string;
let path: string;
let writer: Database;
const mark = randomUUID();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'synapse-source-'));
  path = join(folder, 'chats.db');
  writer = new sqlite3.Database(path);
  await write('pragma journal_mode = wal');
  await write('create table chat (id text primary key, data); create table line (chat text, data)');
  await write(`insert into chat values ('a', '${mark}'), ('b', 'two')`);
});

afterEach(async () => {
  await new Promise((done) => writer.close(done));
  rmSync(folder, { recursive: true });
});

function write(sql: string): Promise<void> {
  return new Promise((done, fail) => {
    writer.exec(sql, (error) => (error ? fail(error) : done()));
  });
}

function fileAt(place: string, bytes = () => readFileSync(path)): HistoryFile {
  return {
    ...{ path: place, byteLength: statSync(path).size, modifiedAt: new Date(0) },
    async *bytes() {
      yield bytes();
    },
  };
}

async function idsIn(file: HistoryFile): Promise<string[]> {
  const source = await SqliteSource.open(file);
  const rows = await source.rows('select id from chat order by id').finally(() => source.close());
  return rows.map((row) => textIn(row, 'id') ?? '');
}

const historyOf = (id: string): History => ({ id, title: null, createdAt: new Date(0), nodes: [] });

async function historiesOf(
  file: HistoryFile,
  reader: DatabaseReader,
  skip: Skip = () => undefined,
): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of readDatabase(file, skip, reader)) ids.push(id);
  return ids;
}

/** The copies of the databases of this test: other processes have some, too. */
const copies = () =>
  readdirSync(tmpdir()).filter((name) => {
    const path = join(tmpdir(), name, 'copy.db');
    return existsSync(path) && readFileSync(path).includes(mark);
  });

describe('the database of another tool', () => {
  it('is read with its log, while the tool has it open, and stays as it is', async () => {
    const before = readFileSync(path);
    // All of it is in the log: the database itself has no table yet.
    expect(before.includes('create table chat')).toBe(false);
    expect(await idsIn(fileAt(path))).toEqual(['a', 'b']);
    expect(readFileSync(path).equals(before)).toBe(true);
    const source = await SqliteSource.open(fileAt(path));
    await expect(source.rows(`delete from chat`)).rejects.toThrow('readonly');
    await source.close();
  });

  it('is copied with its log if it can not be opened at its place', async () => {
    const bytes = readFileSync(path);
    const place = join(folder, 'gone.db');
    copyFileSync(`${path}-wal`, `${place}-wal`);
    expect(await idsIn(fileAt(place, () => bytes))).toEqual(['a', 'b']);
  });

  it('is copied out of an archive, and the copy is removed', async () => {
    await write('pragma wal_checkpoint(truncate)');
    expect(await idsIn(fileAt('export.zip/chats.db'))).toEqual(['a', 'b']);
    const broken = fileAt('export.zip/chats.db', () => Buffer.from(`no database ${mark}`));
    await expect(SqliteSource.open(broken)).rejects.toThrow(InvalidDataError);
    expect(copies()).toEqual([]);
  });

  it('is refused if its end is missing, because SQLite would read zeros there', async () => {
    await write('pragma wal_checkpoint(truncate)');
    const whole = readFileSync(path);
    const end = whole.length - 1;
    const file = fileAt('export.zip/chats.db', () => whole.subarray(0, end));
    const reader = { list: async () => [], read: async () => null };
    const reading = readDatabase({ ...file, byteLength: end }, () => undefined, reader).next();
    await expect(reading).rejects.toThrow(
      `the database is cut off: it has ${end} of ${whole.length} bytes`,
    );
  });

  it('is read as it was at one moment, conversation by conversation', async () => {
    const counts: string[] = [];
    const read = async (source: SqliteSource, id: string) => {
      const count = async () => (await source.rows('select id from chat')).length;
      const first = await count();
      await write(`insert into chat values ('new ${id}', '')`);
      counts.push(`${first} ${await count()}`);
      return historyOf(id);
    };
    const list = () => Promise.resolve(['a', 'b']);
    expect(await historiesOf(fileAt(path), { list, read })).toEqual(['a', 'b']);
    expect(counts).toEqual(['2 2', '3 3']);
  });

  it('is read when the tool has ended its exclusive transaction', async () => {
    await write('pragma journal_mode = delete');
    const source = await SqliteSource.open(fileAt(path));
    await write('begin exclusive');
    const reading = source.rows('select id from chat order by id').finally(() => source.close());
    // Long enough for the first try, which is refused.
    for (let step = 0; step < 50; step += 1) await write('select count(*) from chat');
    await write('commit');
    expect(await reading).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  it('is skipped in part where it can not be read, with the reason', async () => {
    const skipped: unknown[] = [];
    const reader: DatabaseReader = {
      list: () => Promise.resolve(['a', 'b']),
      read: async (source, id) => {
        if (id === 'a') await source.rows('select no_such_column from chat');
        return historyOf(id);
      },
    };
    const found = await historiesOf(fileAt(path), reader, (...skip) => skipped.push(skip));
    expect(found).toEqual(['b']);
    expect(skipped).toMatchObject([['session a', expect.stringContaining('no_such_column'), true]]);
  });

  it('may lack the tables and columns of newer versions', async () => {
    const source = await SqliteSource.open(fileAt(path));
    expect(await source.has('chat', 'data')).toBe(true);
    expect(await source.has('chat', 'newer')).toBe(false);
    expect(await source.has('newer', 'data')).toBe(false);
    expect(await source.rowsIn('newer', 'order by id')).toEqual([]);
    await source.close();
  });

  it('gives bytes as bytes, and elsewhere as text', async () => {
    const source = await SqliteSource.open(fileAt(path));
    expect(await source.bytes(`select x'00ff'`)).toEqual(Buffer.from([0, 255]));
    expect(await source.bytes(`select null`)).toBeNull();
    expect(await source.rows(`select x'6869' as data, null as empty, 1.5 as number`)).toEqual([
      { data: 'hi', empty: null, number: 1.5 },
    ]);
    await source.close();
  });

  it('is recognised by its tables, and by its name if it has none that can be read', async () => {
    const format = { name: /^chats\.db$/, columns: { chat: 'data', line: 'chat' } };
    const header = 'SQLite format 3\0';
    expect(await isDatabaseWith(fileAt(path), header, format)).toBe(true);
    const others = { ...format, columns: { chat: 'other' } };
    expect(await isDatabaseWith(fileAt(path), header, others)).toBe(false);
    const missing = { ...format, columns: { other: 'data' } };
    expect(await isDatabaseWith(fileAt(path), header, missing)).toBe(false);
    expect(await isDatabaseWith(fileAt(path), '{}', format)).toBe(false);
    const broken = (place: string) => fileAt(place, () => Buffer.from(header));
    expect(await isDatabaseWith(broken('a.zip/chats.db'), header, format)).toBe(true);
    expect(await isDatabaseWith(broken('a.zip/other.db'), header, format)).toBe(false);
  });

  it('takes the files that SQLite keeps beside it along', async () => {
    const format = { name: /^chats\.db$/, columns: { chat: 'data' } };
    expect(await isDatabaseWith(fileAt(`${path}-wal`), '', format)).toBe(true);
    expect(await isDatabaseWith(fileAt(join(folder, 'other.db-shm')), '', format)).toBe(false);
    const list = () => Promise.reject(new Error('must not be read'));
    const read = () => Promise.resolve(null);
    expect(await historiesOf(fileAt(`${path}-wal`), { list, read })).toEqual([]);
  });
});
