import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  startPostgresServer,
  type PostgresServer,
} from '@synapse/test/support/postgres-server.mjs';
import { aConversation } from '@synapse/test/support/samples';
import pg from 'pg';
import { inspectPostgresStore } from './inspect-postgres-store.ts';
import { openPostgresStore } from './open-postgres-store.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgresServer({ pageChecksums: false });
});
afterAll(() => server.stop());

it('checks the data that it reads if the server has no page checksums', async () => {
  const connection = { url: server.url, schema: 'unchecked', allowForeign: true };
  const store = await openPostgresStore(connection);
  const damaged = await aConversation(store, ['fox', 'hen', 'hare']);
  const whole = await aConversation(store, ['fox', 'hen', 'hare']);
  const changed = await aConversation(store, ['fox'], { title: 'Red foxes' });
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query('set search_path = unchecked');
  await client.query(
    "update messages set parts = replace(parts, 'hen', 'hun') where session_id = $1",
    [damaged.id],
  );
  await client.query("update sessions set title = 'Rad foxes' where id = $1", [changed.id]);
  await client.end();

  const refusal = { code: 'SYNAPSE_STORAGE_DAMAGED' };
  const { sessions } = store;
  await expect(sessions.messages(damaged.id, { limit: 9 })).rejects.toMatchObject(refusal);
  await expect(sessions.promptMessages(damaged.id, { limit: 9 })).rejects.toMatchObject(refusal);
  await expect(sessions.get(changed.id)).rejects.toMatchObject(refusal);
  expect(await sessions.messages(whole.id, { limit: 9 })).toEqual(whole.messages);
  expect(await sessions.promptMessages(whole.id, { limit: 9 })).toHaveLength(3);
  await store.close();
  expect(await inspectPostgresStore(connection)).toMatchObject({ checksPages: false });
});
