import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, describe, it } from '@jest/globals';
import { createKnexStore, migrate } from '@synapse/storage-knex';
import { aConversation, aMessage, textsOf } from '@synapse/test/support/samples';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import { createSqliteKnex } from './create-sqlite-knex.ts';
import { makePrivateFile } from './prepare-file.ts';
import { loadDrivers } from './load-drivers.ts';

const folder = temporaryFolder();

function newFile(name: string): string {
  const path = join(folder, name);
  makePrivateFile(path);
  return path;
}

describe('a SQLite connection', () => {
  it('is opened again after a failed write, and only then', async () => {
    const path = newFile('synapse.db');
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

  it('is closed with its prepared statements', async () => {
    const path = newFile('closed.db');
    const { knex, dialect } = createSqliteKnex(await loadDrivers(), path);
    await migrate(knex, dialect);
    const store = createKnexStore(knex, dialect, path);
    await aConversation(store, ['q', 'a', 'q']);
    await store.close();
    const open = readdirSync('/proc/self/fd').map((name) => linkOf(`/proc/self/fd/${name}`));
    expect(open.filter((name) => name.startsWith(path))).toEqual([]);
  });

  it('waits for the lock as long as configured, also after a busy transaction', async () => {
    const path = newFile('busy.db');
    const drivers = await loadDrivers();
    const { knex, dialect } = createSqliteKnex(drivers, path);
    await migrate(knex, dialect);
    const store = createKnexStore(knex, dialect, path);
    const { id } = await aConversation(store, ['before']);
    const other = createSqliteKnex(drivers, path).knex;
    const holder = await other.transaction();
    await holder('sessions').update({ title: 'held' });
    const append = store.sessions.append(id, [aMessage('after')], null);
    const isWaiting = await Promise.race([append.then(() => false), sleep(500, true)]);
    expect(isWaiting).toBe(true);
    await holder.commit();
    await append;
    expect(await knex.raw('pragma busy_timeout')).toEqual([{ timeout: 10_000 }]);
    await other.destroy();
    await store.close();
  });

  it('keeps using prepared statements when another process has changed the schema', async () => {
    const path = newFile('changed.db');
    const drivers = await loadDrivers();
    const { knex, dialect } = createSqliteKnex(drivers, path);
    await migrate(knex, dialect);
    const store = createKnexStore(knex, dialect, path);
    const { id } = await aConversation(store, ['before']);
    const other = createSqliteKnex(drivers, path).knex;
    await other.raw("alter table messages add column more text default 'new'");
    await store.sessions.append(id, [aMessage('after')], null);
    expect(await other('messages').select('more')).toEqual([{ more: 'new' }, { more: 'new' }]);
    await other.destroy();
    await store.close();
  });
});

/** Empty for what is closed by now. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
