import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InvalidDataError } from '@synapse/core';
import { ForeignDatabase } from '@synapse/test/support/foreign-database';
import { fileOnDisk, historyFile } from '@synapse/test/support/imported-histories';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import { isDatabaseWith, readDatabase, type DatabaseReader } from './history-database.ts';
import type { History, HistoryFile, Skip } from './history.ts';
import type { SqliteSource } from './sqlite-source.ts';

const folder = temporaryFolder();
const HEADER = 'SQLite format 3\0';
const SHAPE = { name: /^chats\.db$/, columns: { chat: 'data', line: 'chat' } };
let db: ForeignDatabase;

beforeEach(async () => {
  db = await ForeignDatabase.create(
    folder,
    'chats.db',
    'create table chat (id text, data); create table line (chat text, data)',
  );
  await db.insert('chat', { id: 'a', data: 'one' }, { id: 'b', data: 'two' });
});
afterEach(() => db.close());

const historyOf = (id: string): History => ({ id, title: null, createdAt: new Date(0), nodes: [] });

async function historiesOf(
  file: HistoryFile,
  reader: DatabaseReader,
  skip: Skip = () => undefined,
): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of readDatabase(file, skip, () => reader)) ids.push(id);
  return ids;
}

describe('a database of histories', () => {
  it('is recognised by its tables, and by its name if it has none that can be read', async () => {
    const file = fileOnDisk(db.path);
    expect(await isDatabaseWith(file, HEADER, SHAPE)).toBe(true);
    const others = { ...SHAPE, columns: { chat: 'other' } };
    expect(await isDatabaseWith(file, HEADER, others)).toBe(false);
    const missing = { ...SHAPE, columns: { other: 'data' } };
    expect(await isDatabaseWith(file, HEADER, missing)).toBe(false);
    expect(await isDatabaseWith(file, '{}', SHAPE)).toBe(false);
    const broken = (path: string) => isDatabaseWith(historyFile(path, HEADER), HEADER, SHAPE);
    expect(await broken('a.zip/chats.db')).toBe(true);
    expect(await broken('a.zip/other.db')).toBe(false);
  });

  it('is recognised by its name, and refused, however much of its end is missing', async () => {
    await db.run('pragma wal_checkpoint(truncate)');
    const whole = readFileSync(db.path);
    const reader = { list: async () => [], read: async () => null };
    for (const length of [0, 15, 16, 99, 100, 512, 4096, whole.length - 4096, whole.length - 1]) {
      const file = historyFile('export.zip/chats.db', whole.subarray(0, length));
      const beginning = whole.subarray(0, length).toString('latin1');
      const hasHeader = length >= HEADER.length;
      expect([length, await isDatabaseWith(file, beginning, SHAPE)]).toEqual([length, hasHeader]);
      if (hasHeader) await expect(historiesOf(file, reader)).rejects.toThrow(InvalidDataError);
    }
  });

  it('is refused if its end is missing, because SQLite would read zeros there', async () => {
    await db.run('pragma wal_checkpoint(truncate)');
    const whole = readFileSync(db.path);
    const end = whole.length - 1;
    const file = historyFile('export.zip/chats.db', whole.subarray(0, end));
    const reader = { list: async () => [], read: async () => null };
    await expect(historiesOf(file, reader)).rejects.toThrow(
      `the database is cut off: it has ${end} of ${whole.length} bytes`,
    );
  });

  it('is read as it was at one moment, conversation by conversation', async () => {
    const counts: string[] = [];
    const read = async (source: SqliteSource, id: string) => {
      const count = async () => (await source.rows('select id from chat')).length;
      const first = await count();
      await db.insert('chat', { id: `new ${id}` });
      counts.push(`${first} ${await count()}`);
      return historyOf(id);
    };
    const list = () => Promise.resolve(['a', 'b']);
    expect(await historiesOf(fileOnDisk(db.path), { list, read })).toEqual(['a', 'b']);
    expect(counts).toEqual(['2 2', '3 3']);
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
    const skip: Skip = (...about) => skipped.push(about);
    expect(await historiesOf(fileOnDisk(db.path), reader, skip)).toEqual(['b']);
    expect(skipped).toMatchObject([['session a', expect.stringContaining('no_such_column'), true]]);
  });
});
