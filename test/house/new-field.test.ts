import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Message, NewMessage, Session, SessionChange, Store } from '@synapse/core';
import { messageFields, sessionFields, type NewSession } from '@synapse/core/store-kit';
import { usePostgres } from '../support/postgres-for-tests.ts';
import { at, aMessage, aSession } from '../support/samples.ts';

// Two fields that no code names, added before the modules are loaded that read the tables.
const texts = { kind: 'text', empty: null, isNewInExports: true };
Object.assign(sessionFields, { nickname: { ...texts, setBy: 'update', isForked: true } });
Object.assign(messageFields, { mood: { ...texts, setBy: 'caller' } });

const { createMemoryStore } = await import('@synapse/storage-memory');
const { openSqliteStore } = await import('@synapse/storage-sqlite');
const { openPostgresStore } = await import('@synapse/storage-postgres');
const { createRedact, exportSessions, importSessions, jsonFormat, messageToJson, sessionToJson } =
  await import('@synapse/portability');
const { fieldSchemas } = await import('../../scripts/field-schemas.ts');
const { openBareSqlite } = await import('../bench/bare-sqlite.ts');

const postgres = usePostgres();
const folder = mkdtempSync(join(tmpdir(), 'synapse-new-field-'));
let count = 0;
afterAll(() => rmSync(folder, { recursive: true }));

interface Opened {
  store: Store;
  /** Runs SQL beside the store; undefined where there is no database. */
  run?: (sql: string) => Promise<unknown>;
}

const stores: Record<string, () => Promise<Opened>> = {
  memory: async () => ({ store: createMemoryStore() }),
  sqlite: async () => {
    const path = join(folder, `${count++}.db`);
    const store = await openSqliteStore({ path });
    const run = async (sql: string) => {
      const bare = await openBareSqlite(path);
      await bare.rows(sql);
      await bare.close();
    };
    return migrated({ store, run });
  },
  postgres: async () => {
    const { url } = postgres;
    const schema = postgres.newSchema();
    const store = await openPostgresStore({ url, schema, allowForeign: true });
    const run = (sql: string) => postgres.run(`set search_path to ${schema}`, sql);
    return migrated({ store, run });
  },
};

/** What the migration of the new fields would do. */
async function migrated(opened: Required<Opened>): Promise<Opened> {
  await opened.run('alter table sessions add column nickname text');
  await opened.run('alter table messages add column mood text');
  return opened;
}

const nicknamed = (nickname: string) => ({ nickname }) as Partial<NewSession & SessionChange>;
const inMood = (mood: string) => ({ mood }) as Partial<NewMessage>;
const nicknameOf = (session: Session | undefined) => (session as { nickname?: string }).nickname;
const moodsOf = (messages: Message[]) =>
  messages.map((message) => (message as { mood?: string }).mood);

async function exportOf(store: Store, session: Session, redact?: (text: string) => string) {
  let text = '';
  const format = jsonFormat;
  for await (const piece of exportSessions(store, [session], { format, redact })) text += piece;
  return text;
}

function importInto(store: Store, text: string) {
  return importSessions(store, async function* () {
    yield Buffer.from(text);
  });
}

describe.each(Object.entries(stores))('a field that only the table and %s know', (_, open) => {
  it('is stored, updated, listed, forked, exported and imported', async () => {
    const { store } = await open();
    try {
      const { sessions } = store;
      const { id } = await sessions.create(aSession({ createdAt: at(0), ...nicknamed('first') }));
      const plain = await sessions.create(aSession());
      await sessions.append(id, [aMessage('q', inMood('glad'))], null);
      await sessions.append(id, [aMessage('one'), aMessage('two', inMood('calm'))], null);
      expect([nicknameOf(await sessions.get(id)), nicknameOf(plain)]).toEqual(['first', null]);
      await sessions.update(id, nicknamed('second'));
      const listed = (await sessions.list({ limit: 5 })).items.find((one) => one.id === id)!;
      expect(nicknameOf(listed)).toBe('second');
      expect(sessionToJson(listed)).toMatchObject({ nickname: 'second' });
      const messages = await sessions.messages(id, { limit: 5 });
      expect(moodsOf(messages)).toEqual(['glad', null, 'calm']);
      expect(messageToJson(messages[0]!)).toMatchObject({ mood: 'glad' });

      const fork = await sessions.fork(id, aSession());
      expect(nicknameOf(fork)).toBe('second');
      expect(moodsOf(await sessions.messages(fork.id, { limit: 5 }))).toEqual(moodsOf(messages));

      const other = await open();
      try {
        const text = await exportOf(store, listed);
        await importInto(other.store, text);
        expect(await other.store.sessions.get(id)).toEqual(listed);
        expect(await other.store.sessions.messages(id, { limit: 5 })).toEqual(messages);
        // A longer copy brings its own value along.
        await sessions.update(id, nicknamed('third'));
        await sessions.append(id, [aMessage('more')], null);
        await importInto(other.store, await exportOf(store, (await sessions.get(id))!));
        expect(nicknameOf(await other.store.sessions.get(id))).toBe('third');
      } finally {
        await other.store.close();
      }
    } finally {
      await store.close();
    }
  });

  it('is redacted, and may be missing in an export', async () => {
    const { store } = await open();
    try {
      const { sessions } = store;
      const session = await sessions.create(aSession(nicknamed('open sesame')));
      await sessions.append(session.id, [aMessage('q', inMood('open sesame'))], null);
      const text = await exportOf(store, session);
      expect(text.match(/open sesame/g)).toHaveLength(2);
      expect(await exportOf(store, session, createRedact(['open sesame']))).not.toContain('sesame');
      const other = createMemoryStore();
      await importInto(other, text.replaceAll(/,"(nickname|mood)":"open sesame"/g, ''));
      expect(nicknameOf(await other.sessions.get(session.id))).toBeNull();
      expect(moodsOf(await other.sessions.messages(session.id, { limit: 1 }))).toEqual([null]);
    } finally {
      await store.close();
    }
  });
});

it('seals a new field, and leaves the seal of a row as it was where the field is empty', async () => {
  const { store, run } = await stores.sqlite!();
  try {
    const { sessions } = store;
    const { id } = await sessions.create(aSession());
    await sessions.append(id, [aMessage('q')], null);
    await run!('update sessions set nickname = null');
    expect(nicknameOf(await sessions.get(id))).toBeNull();
    await run!("update sessions set nickname = 'by hand'");
    await expect(sessions.get(id)).rejects.toMatchObject({ reason: 'damaged' });
    await run!("update messages set mood = 'by hand'");
    await expect(sessions.messages(id, { limit: 1 })).rejects.toMatchObject({ reason: 'damaged' });
  } finally {
    await store.close();
  }
});

it('documents a new field in the schemas of JSON output', () => {
  const schemas = fieldSchemas();
  expect(schemas['packages/cli/schemas/session.json']).toContain('"nickname"');
  expect(schemas['packages/cli/schemas/message.json']).toContain('"mood"');
});
