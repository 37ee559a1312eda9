import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InvalidDataError } from '@synapse/core';
import { ForeignDatabase } from '@synapse/test/support/foreign-database';
import { fileOnDisk, historyFile } from '@synapse/test/support/imported-histories';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import type { HistoryFile } from './history.ts';
import { textIn } from './json-values.ts';
import { SqliteSource } from './sqlite-source.ts';

const folder = temporaryFolder();
const mark = randomUUID();
let db: ForeignDatabase;

beforeEach(async () => {
  db = await ForeignDatabase.create(folder, 'chats.db', 'create table chat (id text, data)');
  await db.insert('chat', { id: 'a', data: mark }, { id: 'b', data: 'two' });
});
afterEach(() => db.close());

async function idsIn(file: HistoryFile): Promise<string[]> {
  const source = await SqliteSource.open(file);
  const rows = await source.rows('select id from chat order by id').finally(() => source.close());
  return rows.map((row) => textIn(row, 'id') ?? '');
}

/** The copies of the databases of this test: other processes have some, too. */
const copies = () =>
  readdirSync(tmpdir()).filter((name) => {
    const path = join(tmpdir(), name, 'copy.db');
    return existsSync(path) && readFileSync(path).includes(mark);
  });

describe('the database of another tool', () => {
  it('is read with its log, while the tool has it open, and stays as it is', async () => {
    const before = readFileSync(db.path);
    // All of it is in the log: the database itself has no table yet.
    expect(before.includes('create table chat')).toBe(false);
    expect(await idsIn(fileOnDisk(db.path))).toEqual(['a', 'b']);
    expect(readFileSync(db.path).equals(before)).toBe(true);
    const source = await SqliteSource.open(fileOnDisk(db.path));
    await expect(source.rows(`delete from chat`)).rejects.toThrow('readonly');
    await source.close();
  });

  it('is copied with its log if it can not be opened at its place', async () => {
    const place = join(folder, 'gone.db');
    copyFileSync(`${db.path}-wal`, `${place}-wal`);
    expect(await idsIn(historyFile(place, readFileSync(db.path)))).toEqual(['a', 'b']);
  });

  it('is copied out of an archive with its log', async () => {
    const files: HistoryFile[] = ['', '-wal'].map((suffix) => ({
      ...historyFile(`export.zip/chats.db${suffix}`, readFileSync(db.path + suffix)),
      around: () => Promise.resolve(files),
    }));
    expect(await idsIn(files[0]!)).toEqual(['a', 'b']);
  });

  it('is refused if its tool stopped in the middle of a change', async () => {
    await db.run('pragma journal_mode = delete; pragma cache_size = 1');
    // More than the cache of SQLite holds, so that some of the changes are in the file.
    const rows = Array.from({ length: 50 }, (_, at) => ({ id: `c${at}`, data: 'x'.repeat(4000) }));
    await db.insert('chat', ...rows);
    await db.run(`begin; update chat set id = 'changed'`);
    const place = join(folder, 'crashed.db');
    for (const suffix of ['', '-journal']) copyFileSync(db.path + suffix, place + suffix);
    await db.run('rollback');
    const before = readFileSync(place);
    expect(before.includes('changed')).toBe(true);
    await expect(idsIn(fileOnDisk(place))).rejects.toThrow(/stopped .* Start the tool once/);
    expect(readFileSync(place).equals(before)).toBe(true);
    expect(copies()).toEqual([]);
  });

  it('is copied out of an archive, and the copy is removed', async () => {
    await db.run('pragma wal_checkpoint(truncate)');
    const place = 'export.zip/chats.db';
    expect(await idsIn(historyFile(place, readFileSync(db.path)))).toEqual(['a', 'b']);
    const broken = historyFile(place, `no database ${mark}`);
    await expect(SqliteSource.open(broken)).rejects.toThrow(InvalidDataError);
    expect(copies()).toEqual([]);
  });

  it('is read when the tool has ended its exclusive transaction', async () => {
    await db.run('pragma journal_mode = delete');
    const source = await SqliteSource.open(fileOnDisk(db.path));
    await db.run('begin exclusive');
    const reading = source.rows('select id from chat order by id').finally(() => source.close());
    // Long enough for the first try, which is refused.
    for (let step = 0; step < 50; step += 1) await db.run('select count(*) from chat');
    await db.run('commit');
    expect(await reading).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  it('may lack the tables and columns of newer versions', async () => {
    const source = await SqliteSource.open(fileOnDisk(db.path));
    expect(await source.has('chat', 'data')).toBe(true);
    expect(await source.has('chat', 'newer')).toBe(false);
    expect(await source.has('newer', 'data')).toBe(false);
    expect(await source.rowsIn('newer', 'order by id')).toEqual([]);
    await source.close();
  });

  it('gives the rows with a value in their order', async () => {
    await db.insert('chat', { id: 7, data: 'number' }, { id: 'a', data: 'three' });
    const source = await SqliteSource.open(fileOnDisk(db.path));
    expect(await source.rowsWith('chat', 'id', 'a')).toEqual([
      { id: 'a', data: mark },
      { id: 'a', data: 'three' },
    ]);
    expect(await source.rowsWith('chat', 'id', '7')).toEqual([{ id: '7', data: 'number' }]);
    expect(await source.rowsWith('chat', 'id', 'c')).toEqual([]);
    expect(await source.rowsWith('newer', 'id', 'a')).toEqual([]);
    await source.close();
  });

  it('gives bytes as bytes, and elsewhere as text', async () => {
    const source = await SqliteSource.open(fileOnDisk(db.path));
    expect(await source.bytes(`select x'00ff'`)).toEqual(Buffer.from([0, 255]));
    expect(await source.bytes(`select null`)).toBeNull();
    expect(await source.rows(`select x'6869' as data, null as empty, 1.5 as number`)).toEqual([
      { data: 'hi', empty: null, number: 1.5 },
    ]);
    await source.close();
  });
});
