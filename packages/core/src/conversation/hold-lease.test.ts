import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { StorageError } from '../errors/storage-error.ts';
import { createMemoryStore } from '../memory-store.ts';
import type { Store } from '../ports/store.ts';
import { newId } from '../session/id.ts';
import { silentLogger } from '../silent-logger.ts';
import { holdLease } from './hold-lease.ts';

const holder = { host: 'here', pid: 1, bootId: 'boot', processStart: '1' };

describe('holdLease', () => {
  let store: Store;
  let clock: FakeClock;
  let sessionId: string;
  let failures: number;
  beforeEach(async () => {
    store = createMemoryStore();
    clock = new FakeClock();
    sessionId = newId();
    failures = 0;
    await store.sessions.create({ id: sessionId, createdAt: clock.now() });
    const { sessions } = store;
    const renew = sessions.renewLease.bind(sessions);
    sessions.renewLease = async (lease, expiresAt) => {
      failures -= 1;
      if (failures >= 0) throw new StorageError('Locked.', { reason: 'busy' });
      return renew(lease, expiresAt);
    };
  });
  const hold = () =>
    holdLease({
      ...{ sessions: store.sessions, sessionId, holder, clock },
      logger: silentLogger,
      isAlive: () => true,
    });
  const pass = async (seconds: number) => {
    for (let passed = 0; passed < seconds; passed += 10) await clock.advance(10_000);
  };

  it('keeps the lease for as long as it takes, and gives it back', async () => {
    const held = await hold();
    await pass(120);
    await expect(hold()).rejects.toMatchObject({ code: 'SYNAPSE_SESSION_HELD' });
    await held.release();
    expect(clock.sleeperCount).toBe(0);
    await (await hold()).release();
  });

  it('keeps it when the store could not be reached for a moment', async () => {
    const held = await hold();
    failures = 2;
    await pass(60);
    await expect(hold()).rejects.toMatchObject({ code: 'SYNAPSE_SESSION_HELD' });
    await held.release();
  });

  it('lets go of it when the store could not be reached for as long as it lasts', async () => {
    await hold();
    failures = Infinity;
    await pass(30);
    expect(clock.sleeperCount).toBe(0);
  });

  it('does not ask for one again that another process has taken', async () => {
    await hold();
    const other = await holdLease({
      ...{ sessions: store.sessions, sessionId, holder, clock, isForced: true },
      logger: silentLogger,
      isAlive: () => true,
    });
    await other.release();
    await pass(10);
    expect(clock.sleeperCount).toBe(0);
  });
});
