import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { migrate, migrations, revert, SCHEMA_VERSION, type Migration } from '@synapse/storage-knex';
import { newId } from '@synapse/core';
import { aPaidTalk } from '@synapse/test/contracts/schema-contract';
import { aConversation, anAnswer, at } from '@synapse/test/support/samples';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import knex, { type Knex } from 'knex';
import { openSqliteStore } from './open-sqlite-store.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';

const folder = temporaryFolder();
let count = 0;

async function withDatabase(path: string, work: (database: Knex) => Promise<void>): Promise<void> {
  const database = knex({
    client: 'sqlite3',
    connection: { filename: path },
    useNullAsDefault: true,
  });
  await work(database).finally(() => database.destroy());
}

async function schemaOf(database: Knex): Promise<unknown> {
  return database('sqlite_schema').select('type', 'name', 'sql').orderBy('name');
}

describe('the migrations on SQLite', () => {
  const dialect = createSqliteDialect('test', undefined, () => undefined);
  const newPath = () => join(folder, `${count++}.db`);

  it('can be reverted, and applied again with the same schema', async () => {
    await withDatabase(newPath(), async (database) => {
      await migrate(database, dialect);
      const schema = await schemaOf(database);
      await migrate(database, dialect);
      expect(await schemaOf(database)).toEqual(schema);
      for (let step = 0; step < SCHEMA_VERSION; step++) await revert(database, dialect);
      expect(await dialect.readSchemaVersion(database)).toBe(0);
      expect(await schemaOf(database)).toMatchObject([{ name: 'schema_migrations' }]);
      await migrate(database, dialect);
      expect(await schemaOf(database)).toEqual(schema);
    });
  });

  const earlier = migrations.slice(1).map((_, index) => index + 1);
  it.each(earlier)('keep the data of schema %i', async (version) => {
    const path = newPath();
    const store = await openSqliteStore({ path });
    const { id, messages } = await aConversation(store, ['q', 'a']);
    await store.close();
    await withDatabase(path, async (database) => {
      for (let left = SCHEMA_VERSION; left > version; left--) await revert(database, dialect);
      expect(await dialect.readSchemaVersion(database)).toBe(version);
    });
    const migrated = await openSqliteStore({ path });
    expect(await migrated.sessions.messages(id, { limit: 5 })).toEqual(messages);
    await migrated.close();
  });

  it('replace the seals of an earlier rule', async () => {
    const path = newPath();
    const store = await openSqliteStore({ path });
    const { id, messages } = await aConversation(store, ['q', 'a']);
    await store.close();
    await withDatabase(path, async (database) => {
      while ((await dialect.readSchemaVersion(database)) > 13) await revert(database, dialect);
      await database('messages').update({ content_sha256: '2.0a1b2c3d.of the rule 2.1.1..1' });
      await database('sessions').update({ seal: 'of then', preview_seal: 'of then' });
    });
    const migrated = await openSqliteStore({ path });
    expect(await migrated.sessions.messages(id, { limit: 5 })).toEqual(messages);
    expect(await migrated.sessions.get(id)).toMatchObject({ id });
    expect(await migrated.maintenance.check()).toEqual([]);
    await migrated.close();
  });

  it('recompute the costs of messages when the ledger is reverted', async () => {
    const path = newPath();
    const store = await openSqliteStore({ path });
    const { id } = await aPaidTalk(store, 2);
    await store.sessions.append(id, [anAnswer('', { status: 'failed' })], null);
    const fork = await store.sessions.fork(id, { id: newId(), createdAt: at(900) });
    await store.sessions.clear(id, null);
    await store.close();
    await withDatabase(path, async (database) => {
      for (let left = SCHEMA_VERSION; left > 8; left--) await revert(database, dialect);
      const columns = ['id', 'cost_nano_usd', 'input_tokens', 'unpriced_count'];
      expect(await database('sessions').select(columns).orderBy('id')).toEqual([
        { id, cost_nano_usd: 0, input_tokens: 0, unpriced_count: 0 },
        { id: fork.id, cost_nano_usd: 14, input_tokens: 20, unpriced_count: 1 },
      ]);
    });
  });

  it('leave nothing of a failed step, and continue from there', async () => {
    const broken: Migration = {
      name: '9999-break-things',
      up: async ({ query }) => {
        await query.schema.createTable('half', (table) => table.text('a'));
        throw new Error('broken');
      },
      down: async () => undefined,
    };
    await withDatabase(newPath(), async (database) => {
      await expect(migrate(database, dialect, [...migrations, broken])).rejects.toThrow('broken');
      expect(await dialect.readSchemaVersion(database)).toBe(SCHEMA_VERSION);
      expect(await database.schema.hasTable('half')).toBe(false);
      const mended = { ...broken, up: async () => undefined };
      await migrate(database, dialect, [...migrations, mended]);
      expect(await database('schema_migrations').select('version').orderBy('version')).toEqual(
        Array.from({ length: SCHEMA_VERSION + 1 }, (_, index) => ({ version: index + 1 })),
      );
    });
  });
});
