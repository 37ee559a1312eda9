import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Store } from '@synapse/core';
import { createKnexStore, migrate } from '@synapse/storage-knex';
import { aMessage, anAnswer, aSession } from '@synapse/test/support/samples';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import type { Knex } from 'knex';
import { createSqliteKnex } from './create-sqlite-knex.ts';
import { loadDrivers } from './load-drivers.ts';
import { makePrivateFile } from './prepare-file.ts';

const folder = temporaryFolder();
let knex: Knex;
let store: Store;
/** The number of rows that each statement over messages returned. */
let rowCounts: number[];
let databases = 0;

beforeEach(async () => {
  const path = join(folder, `${(databases += 1)}.db`);
  makePrivateFile(path);
  const { knex: made, dialect } = createSqliteKnex(await loadDrivers(), path);
  knex = made;
  await migrate(knex, dialect);
  store = createKnexStore(knex, dialect, path);
  rowCounts = [];
  knex.on('query-response', (rows: unknown[], { sql }: { sql: string }) => {
    if (/^select .*messages/s.test(sql)) rowCounts.push(rows.length);
  });
});

afterEach(() => store.close());

async function storeTexts(texts: readonly string[]): Promise<string> {
  const { id } = await store.sessions.create(aSession());
  const messages = texts.map((text, index) => (index % 2 === 0 ? aMessage(text) : anAnswer(text)));
  await store.sessions.append(id, messages, null);
  rowCounts = [];
  return id;
}

async function readTexts(id: string) {
  const messages = await store.sessions.promptMessages(id, { limit: 500 });
  return messages.flatMap(({ parts }) => parts.map((part) => part.type === 'text' && part.text));
}

it('reads 500 messages for a request with one statement that returns one row', async () => {
  const texts = Array.from({ length: 500 }, (_, index) => `text ${index},\n],\n["€ \u0000 😀`);
  const id = await storeTexts(texts);
  expect(await readTexts(id)).toEqual(texts);
  expect(rowCounts).toEqual([1]);
});

it('reads the rows of a page one by one if a message is too long to join', async () => {
  const texts = ['short', 'a'.repeat(1 << 17), 'short too'];
  const id = await storeTexts(texts);
  expect(await readTexts(id)).toEqual(texts);
  expect(rowCounts).toEqual([1, 3]);
});

it('names the damaged message even if its text divides like two', async () => {
  const id = await storeTexts(['first', 'second', 'third']);
  await knex.raw(`update messages set parts = '[],' || char(10) || '[]' where seq = 2`);
  await expect(readTexts(id)).rejects.toMatchObject({ reason: 'damaged', seq: 2 });
});
