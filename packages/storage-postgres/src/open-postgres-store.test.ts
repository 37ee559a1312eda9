import { expect, it, jest } from '@jest/globals';
import { sessionStoreContract } from '@synapse/test/contracts/session-store-contract';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { aLeaseRequest, aSession } from '@synapse/test/support/samples';
import { openPostgresStore } from './open-postgres-store.ts';

const postgres = usePostgres();

const open = () =>
  openPostgresStore({ url: postgres.url, schema: postgres.newSchema(), allowForeign: true });

sessionStoreContract('postgres', open);

it('uses the clock of the server, not of a client, to decide when a lease expires', async () => {
  const store = await open();
  const { sessions } = store;
  const { id } = await sessions.create(aSession());
  const { token } = await sessions.acquireLease(id, aLeaseRequest());
  jest.useFakeTimers({
    now: Date.now() + 7_200_000,
    doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setInterval', 'setTimeout'],
  });
  try {
    const request = aLeaseRequest({ takeExpired: token });
    await expect(sessions.acquireLease(id, request)).rejects.toMatchObject({ hasExpired: false });
  } finally {
    jest.useRealTimers();
  }
  await store.close();
});
