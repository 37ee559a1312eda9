import { expect, it } from '@jest/globals';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { aLeaseRequest, aSession } from '@synapse/test/support/samples';
import { openPostgresStore } from './open-postgres-store.ts';

const postgres = usePostgres();
const HOLDERS = 6;
const TIMES = 150;

it('reports a session as held, while others take and release it', async () => {
  const schema = postgres.newSchema();
  const store = await openPostgresStore({ url: postgres.url, schema, allowForeign: true });
  const { id } = await store.sessions.create(aSession());
  const refusals = new Set<string>();
  let held = 0;
  const hold = async () => {
    for (let time = 0; time < TIMES; time += 1) {
      try {
        const lease = await store.sessions.acquireLease(id, aLeaseRequest());
        held += 1;
        await store.sessions.releaseLease(lease);
      } catch (error) {
        refusals.add(String((error as { code?: string }).code));
      }
    }
  };
  await Promise.all(Array.from({ length: HOLDERS }, hold));
  await store.close();
  expect(held).toBeGreaterThan(0);
  expect([...refusals]).toEqual(['SYNAPSE_SESSION_HELD']);
});
