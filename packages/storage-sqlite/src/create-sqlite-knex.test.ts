import { join } from 'node:path';
import { expect, describe, it } from '@jest/globals';
import { createKnexStore, migrate } from '@synapse/storage-knex';
import { aConversation, aMessage, textsOf } from '@synapse/test/support/samples';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import { createSqliteKnex } from './create-sqlite-knex.ts';
import { loadDrivers } from './load-drivers.ts';

const folder = temporaryFolder();

describe('a SQLite connection', () => {
  it('is opened again after a failed write, and only then', async () => {
    const path = join(folder, 'synapse.db');
    const { knex, dialect, factsOf } = createSqliteKnex(await loadDrivers(), path);
    await migrate(knex, dialect);
    const store = createKnexStore(knex, dialect, path);
    const { id } = await aConversation(store, ['kept']);
    const before = factsOf();
    await expect(store.sessions.create({ id, createdAt: new Date() })).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_CONFLICT',
    });
    expect(factsOf()).toBe(before);

    // A limit that only this connection has; the next one is without.
    await knex.raw('pragma max_page_count = 1');
    const large = aMessage('x'.repeat(200_000));
    await expect(store.sessions.append(id, [large], null)).rejects.toMatchObject({
      code: 'SYNAPSE_STORAGE_FULL',
    });
    await store.sessions.append(id, [large], null);
    expect(factsOf()).not.toBe(before);
    expect(textsOf(await store.sessions.messages(id, { limit: 9 }))).toHaveLength(2);
    await store.close();
  });
});
