import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseSearchQuery } from '@synapse/core';
import {
  startPostgresServer,
  type PostgresServer,
} from '@synapse/test/support/postgres-server.mjs';
import { aConversation, aMessage, aSession, textsOf } from '@synapse/test/support/samples';
import { openPostgresStore } from './open-postgres-store.ts';

let primary: PostgresServer;
let standby: PostgresServer;
beforeAll(async () => {
  // A commit is acknowledged only when the standby shows it.
  primary = await startPostgresServer({
    settings: { synchronous_standby_names: '*', synchronous_commit: 'remote_apply' },
  });
  standby = await startPostgresServer({ standbyOf: primary });
});
afterAll(async () => {
  await primary.stop();
  await standby.stop();
});

describe('a PostgreSQL store on a standby server', () => {
  it('reads and searches, and names the reason why it stores nothing', async () => {
    const options = { schema: 'read_only', allowForeign: true };
    const writer = await openPostgresStore({ ...options, url: primary.url });
    const { id } = await aConversation(writer, ['a question', 'an answer']);
    const store = await openPostgresStore({ ...options, url: standby.url });
    expect(textsOf(await store.sessions.messages(id, { limit: 9 }))).toHaveLength(2);
    const query = parseSearchQuery('question', new Date(), () => undefined);
    expect((await store.search.search(query, { limit: 5 })).items).toMatchObject([
      { sessionId: id },
    ]);
    expect(await store.maintenance.check()).toEqual([]);
    const refused = {
      code: 'SYNAPSE_STORAGE_CANNOT_CREATE',
      message: expect.stringContaining('the server is a standby') as unknown,
      hint: expect.stringContaining('the primary server') as unknown,
    };
    await expect(store.sessions.append(id, [aMessage('more')], null)).rejects.toMatchObject(
      refused,
    );
    await expect(store.sessions.create(aSession())).rejects.toMatchObject(refused);
    await expect(store.sessions.purge([id])).rejects.toMatchObject(refused);
    await expect(
      openPostgresStore({ ...options, schema: 'not_made', url: standby.url }),
    ).rejects.toMatchObject(refused);
    await store.close();
    await writer.close();
  });
});
