import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/storage-memory';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { aHolder, aLeaseRequest } from '@synapse/test/support/samples';
import { StorageError } from '../errors/storage-error.ts';
import type { Store } from '../ports/store.ts';
import { newId } from '../session/id.ts';
import { silentLogger } from '../silent-logger.ts';
import { holdLease } from './hold-lease.ts';
import type { HolderState } from './process-identity.ts';

const held = { code: 'SYNAPSE_SESSION_HELD' };

describe('holdLease', () => {
  let store: Store;
  let clock: FakeClock;
  let sessionId: string;
  let failures: number;
  let renewals: number[];
  beforeEach(async () => {
    store = createMemoryStore();
    clock = new FakeClock();
    sessionId = newId();
    failures = 0;
    renewals = [];
    await store.sessions.create({ id: sessionId, createdAt: clock.now() });
    const { sessions } = store;
    const renew = sessions.renewLease.bind(sessions);
    sessions.renewLease = async (lease, durationMs) => {
      failures -= 1;
      if (failures >= 0) throw new StorageError('Locked.', { reason: 'busy' });
      renewals.push(durationMs);
      return renew(lease, durationMs);
    };
  });
  const hold = (life: HolderState = 'unknown', isForced = false) =>
    holdLease({
      ...{ sessions: store.sessions, sessionId, holder: aHolder(), clock, isForced },
      logger: silentLogger,
      lifeOf: () => life,
    });
  const pass = async (seconds: number) => {
    for (let passed = 0; passed < seconds; passed += 10) await clock.advance(10_000);
  };

  it('renews the lease until it is released', async () => {
    const lease = await hold();
    await pass(120);
    expect(renewals).toEqual(Array(12).fill(30_000));
    await expect(hold()).rejects.toMatchObject(held);
    await lease.release();
    expect(clock.sleeperCount).toBe(0);
    await (await hold()).release();
  });

  it('keeps renewing when the store was unavailable for a moment', async () => {
    const lease = await hold();
    failures = 2;
    await pass(60);
    expect(renewals).toHaveLength(4);
    await lease.release();
  });

  it('gives up the lease when the store was unavailable for its whole duration', async () => {
    await hold();
    failures = Infinity;
    await pass(30);
    expect(clock.sleeperCount).toBe(0);
  });

  it('does not request a lease again that another process has taken', async () => {
    await hold();
    await (await hold('alive', true)).release();
    await pass(10);
    expect(clock.sleeperCount).toBe(0);
  });

  it.each<[HolderState, { inForce: boolean; expired: boolean }]>([
    ['alive', { inForce: false, expired: false }],
    ['dead', { inForce: true, expired: true }],
    ['unknown', { inForce: false, expired: true }],
  ])('of a holder that is %s takes the lease: %j', async (life, isTaken) => {
    const { sessions } = store;
    for (const [name, durationMs] of [
      ['inForce', 60_000],
      ['expired', 0],
    ] as const) {
      const other = await sessions.acquireLease(sessionId, aLeaseRequest({ durationMs }));
      if (isTaken[name]) await (await hold(life)).release();
      else await expect(hold(life)).rejects.toMatchObject(held);
      await sessions.releaseLease(other);
    }
  });

  it('does not take a lease that is renewed while it is checked', async () => {
    const { sessions } = store;
    const other = await sessions.acquireLease(sessionId, aLeaseRequest({ durationMs: 0 }));
    const acquire = sessions.acquireLease.bind(sessions);
    sessions.acquireLease = async (id, request) => {
      if (request.takeExpired !== undefined) await sessions.renewLease(other, 60_000);
      return acquire(id, request);
    };
    await expect(hold('unknown')).rejects.toMatchObject(held);
  });

  it('reacquires a lease that it could not release', async () => {
    const { sessions } = store;
    const release = sessions.releaseLease.bind(sessions);
    const lease = await hold();
    sessions.releaseLease = async () => {
      throw new StorageError('Gone.', { reason: 'unavailable' });
    };
    await lease.release();
    sessions.releaseLease = release;
    await (await hold('alive')).release();
  });

  describe('with patience', () => {
    const wait = (patienceMs: number, isForced = false) =>
      holdLease({
        ...{ sessions: store.sessions, sessionId, holder: aHolder(), clock, isForced, patienceMs },
        logger: silentLogger,
        lifeOf: () => 'alive',
      });

    it('asks the holder for the session, and takes it as soon as it is released', async () => {
      const { sessions } = store;
      const other = await sessions.acquireLease(sessionId, aLeaseRequest());
      const waiting = wait(10_000);
      await clock.advance(0);
      expect(await sessions.leaseState(other)).toBe('requested');
      await sessions.releaseLease(other);
      await clock.advance(200);
      const { lease } = await waiting;
      expect(await sessions.leaseState(lease)).toBe('held');
    });

    it('fails when the time is over, unless it may end the lease then', async () => {
      const { sessions } = store;
      const other = await sessions.acquireLease(sessionId, aLeaseRequest());
      const waiting = expect(wait(300)).rejects.toMatchObject({ ...held, lease: other });
      for (const ms of [0, 200, 100]) await clock.advance(ms);
      await waiting;
      const forcing = wait(300, true);
      for (const ms of [0, 200]) await clock.advance(ms);
      expect(await sessions.leaseState(other)).toBe('requested');
      await clock.advance(100);
      await (await forcing).release();
      expect(await sessions.leaseState(other)).toBe('lost');
    });

    it('ends with the signal', async () => {
      await store.sessions.acquireLease(sessionId, aLeaseRequest());
      const gone = new AbortController();
      const waiting = holdLease({
        ...{ sessions: store.sessions, sessionId, holder: aHolder(), clock },
        ...{ logger: silentLogger, lifeOf: () => 'alive' as const },
        ...{ patienceMs: Infinity, signal: gone.signal },
      });
      await clock.advance(0);
      gone.abort(new Error('gone'));
      await expect(waiting).rejects.toThrow('gone');
    });
  });
});
