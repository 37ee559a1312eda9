import { expect } from '@jest/globals';
import type { LeaseHolder } from '@synapse/core/store-kit';
import {
  aConversation,
  aHolder,
  aLeaseRequest,
  aMessage,
  anAnswer,
  aSession,
  changed,
  noon,
  type TestedStore,
} from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

const other = aHolder({ host: 'couch', pid: 1, bootId: 'b\0\ud800', processStart: '' });

export const leaseCases: ContractCases<TestedStore> = {
  'gives a lease to the first caller': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const lease = await sessions.acquireLease(id, aLeaseRequest({ holder: other }));
    const { token, expiresAt } = lease;
    expect(lease).toEqual({ sessionId: id, token, holder: other, expiresAt, lastSeq: 0 });
  },

  'refuses another while it is in force, and names the holder': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const lease = await sessions.acquireLease(id, aLeaseRequest());
    const request = aLeaseRequest({ holder: other, takeExpired: lease.token });
    for (const takeOver of [undefined, lease.token + 1, lease.token - 1]) {
      await expect(sessions.acquireLease(id, { ...request, takeOver })).rejects.toMatchObject({
        ...{ code: 'SYNAPSE_SESSION_HELD', lease, hasExpired: false },
      });
    }
  },

  'leaves an expired lease to its holder until it is taken over': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const lease = await sessions.acquireLease(id, aLeaseRequest({ durationMs: 0 }));
    for (const takeExpired of [undefined, lease.token + 1]) {
      await expect(sessions.acquireLease(id, aLeaseRequest({ takeExpired }))).rejects.toMatchObject(
        { lease, hasExpired: true },
      );
    }
    expect(await sessions.append(id, [aMessage('q')], lease)).toHaveLength(1);
    const next = await sessions.acquireLease(id, aLeaseRequest({ takeExpired: lease.token }));
    expect(next.token).toBeGreaterThan(lease.token);
  },

  'gives it again when it has expired, was released or is taken over, under a higher token':
    async ({ sessions }) => {
      const { id } = await sessions.create(aSession());
      const first = await sessions.acquireLease(id, aLeaseRequest({ durationMs: 0 }));
      const second = await sessions.acquireLease(id, aLeaseRequest({ takeExpired: first.token }));
      const third = await sessions.acquireLease(id, aLeaseRequest({ takeOver: second.token }));
      await sessions.releaseLease(third);
      const fourth = await sessions.acquireLease(id, aLeaseRequest());
      const tokens = [first, second, third, fourth].map(({ token }) => token);
      expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b));
    },

  'tells holders apart by nothing but their instance ids': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const container = { host: 'box', pid: 1, bootId: 'boot-1', processStart: '12' };
    const lease = await sessions.acquireLease(
      id,
      aLeaseRequest({ holder: aHolder({ ...container, instanceId: 'one' }) }),
    );
    const twin = aLeaseRequest({ holder: aHolder({ ...container, instanceId: 'two' }) });
    await expect(sessions.acquireLease(id, twin)).rejects.toMatchObject({ lease });
    expect(await sessions.renewLease(lease, 60_000)).toMatchObject({ token: lease.token });
    const taken = await sessions.acquireLease(id, { ...twin, takeOver: lease.token });
    expect(taken.holder.instanceId).toBe('two');
    await expect(sessions.renewLease(lease, 60_000)).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_BUSY',
    });
  },

  'keeps a holder that an earlier version named, without an instance id': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const holder = { host: 'desk', pid: 1, bootId: '', processStart: '' } as LeaseHolder;
    const lease = await sessions.acquireLease(id, aLeaseRequest({ holder }));
    expect(lease.holder).toEqual(holder);
    await expect(sessions.acquireLease(id, aLeaseRequest())).rejects.toMatchObject({
      ...{ code: 'SYNAPSE_SESSION_HELD', lease, hasExpired: false },
    });
    await sessions.renewLease(lease, 0);
    const next = await sessions.acquireLease(id, aLeaseRequest({ takeExpired: lease.token }));
    await sessions.releaseLease(lease);
    expect(await sessions.renewLease(next, 60_000)).toMatchObject({ token: next.token });
  },

  'gives it to one of many concurrent callers': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const asked = Array.from({ length: 8 }, () => sessions.acquireLease(id, aLeaseRequest()));
    const results = await Promise.allSettled(asked);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  },

  'knows the last message of the session, and what was stored under it': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q', 'a']);
    const lease = await sessions.acquireLease(id, aLeaseRequest());
    expect(lease.lastSeq).toBe(2);
    const question = aMessage('q');
    await sessions.append(id, [question], lease);
    expect(lease.lastSeq).toBe(3);
    await sessions.append(id, [question, anAnswer('a'), anAnswer('b')], lease);
    expect(lease.lastSeq).toBe(5);
    await sessions.append(id, [aMessage('again')], lease, { of: 2 });
    await sessions.undoTurn(id, lease);
    expect(lease.lastSeq).toBe(6);
    expect(await sessions.append(id, [aMessage('q')], lease)).toMatchObject([{ seq: 7 }]);
    await sessions.clear(id, lease);
    expect(await sessions.append(id, [aMessage('q')], lease)).toMatchObject([{ seq: 8 }]);
    expect((await sessions.renewLease(lease, 60_000)).lastSeq).toBe(8);
  },

  'refuses each change of a session that is older than the lease': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q', 'a', 'q', 'a']);
    const current = await sessions.acquireLease(id, aLeaseRequest());
    await sessions.undoTurn(id, current);
    const before = await sessions.messages(id, { limit: 9, turns: 'all' });
    const ahead = { ...current, lastSeq: 6 };
    const later = { ...current, token: current.token + 1 };
    for (const [lease, count] of [
      [ahead, '2 messages are'] as const,
      [later, 'an earlier state'] as const,
    ]) {
      const refused = [
        sessions.append(id, [aMessage('one')], lease),
        sessions.append(id, [aMessage('one'), anAnswer('two')], lease),
        sessions.append(id, [aMessage('one')], lease, { of: 1 }),
        sessions.chooseVariant(id, 2, lease),
        sessions.undoTurn(id, lease),
        sessions.clear(id, lease),
      ];
      for (const outcome of await Promise.allSettled(refused)) {
        expect(outcome).toMatchObject({
          reason: {
            code: 'SYNAPSE_STORAGE_REPLACED',
            message: expect.stringContaining(count) as unknown,
          },
        });
      }
    }
    expect(await sessions.messages(id, { limit: 9, turns: 'all' })).toEqual(before);
  },

  'names the reasons why a session is missing that the caller has a lease on': async ({
    sessions,
  }) => {
    const { id } = await sessions.create(aSession());
    const lease = await sessions.acquireLease(id, aLeaseRequest());
    await sessions.purge([id]);
    for (const given of [[aMessage('one')], [aMessage('one'), anAnswer('two')]]) {
      await expect(sessions.append(id, given, lease)).rejects.toMatchObject({
        code: 'SYNAPSE_SESSION_NOT_FOUND',
        hint: expect.stringContaining('replaced by an older copy') as unknown,
      });
    }
  },

  'turns what was left running into interrupted': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q', 'a']);
    const elsewhere = await aConversation({ sessions }, ['q']);
    const running = anAnswer('par', { status: 'running' });
    await sessions.append(id, [running], null);
    await sessions.append(elsewhere.id, [anAnswer('par', { status: 'running' })], null);
    const before = await sessions.get(id);
    await sessions.acquireLease(id, aLeaseRequest());
    const statuses = (await sessions.messages(id, { limit: 9 })).map(({ status }) => status);
    expect(statuses).toEqual(['complete', 'complete', 'interrupted']);
    expect(await sessions.get(id)).toEqual(changed(before));
    expect((await sessions.messages(elsewhere.id, { limit: 1 }))[0]?.status).toBe('running');
    await sessions.append(id, [{ ...running, status: 'complete' }], null);
    expect((await sessions.message(id, running.id))?.status).toBe('interrupted');
  },

  'leaves what is running alone when it refuses': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q']);
    const lease = await sessions.acquireLease(id, aLeaseRequest());
    await sessions.append(id, [anAnswer('par', { status: 'running' })], lease);
    await expect(sessions.acquireLease(id, aLeaseRequest())).rejects.toThrow();
    expect((await sessions.messages(id, { limit: 1 }))[0]?.status).toBe('running');
  },

  renews: async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const lease = await sessions.acquireLease(id, aLeaseRequest({ durationMs: 0 }));
    const renewed = await sessions.renewLease(lease, 3_600_000);
    expect(renewed).toEqual({ ...lease, expiresAt: renewed.expiresAt });
    const request = aLeaseRequest({ takeExpired: lease.token });
    await expect(sessions.acquireLease(id, request)).rejects.toMatchObject({ lease: renewed });
    const given = await sessions.renewLease(renewed, 0);
    expect(renewed.expiresAt.getTime() - given.expiresAt.getTime()).toBeGreaterThan(0);
    expect(await sessions.acquireLease(id, request)).toMatchObject({ token: lease.token + 1 });
  },

  'refuses to renew what was taken over, released or purged': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const first = await sessions.acquireLease(id, aLeaseRequest());
    const second = await sessions.acquireLease(id, aLeaseRequest({ takeOver: first.token }));
    const expected = { code: 'SYNAPSE_SESSION_BUSY' };
    await expect(sessions.renewLease(first, 60_000)).rejects.toMatchObject(expected);
    await sessions.releaseLease(second);
    await expect(sessions.renewLease(second, 60_000)).rejects.toMatchObject(expected);
    const third = await sessions.acquireLease(id, aLeaseRequest());
    await sessions.purge([id]);
    await expect(sessions.renewLease(third, 60_000)).rejects.toMatchObject(expected);
  },

  'releases only the lease that is named': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const first = await sessions.acquireLease(id, aLeaseRequest());
    const second = await sessions.acquireLease(id, aLeaseRequest({ takeOver: first.token }));
    await sessions.releaseLease(first);
    expect(await sessions.renewLease(second, 60_000)).toMatchObject({ token: second.token });
    await sessions.releaseLease(second);
    await sessions.releaseLease(second);
    await sessions.purge([id]);
    await sessions.releaseLease(second);
  },

  'tells the holder of a lease that it was asked for, and nobody else': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const other = await sessions.create(aSession());
    const first = await sessions.acquireLease(id, aLeaseRequest());
    const beside = await sessions.acquireLease(other.id, aLeaseRequest());
    expect(await sessions.leaseState(first)).toBe('held');
    const { revision } = (await sessions.get(id))!;
    await sessions.requestHandOver(id, first.token);
    await sessions.requestHandOver(id, first.token);
    expect(await sessions.leaseState(first)).toBe('requested');
    expect(await sessions.leaseState(await sessions.renewLease(first, 60_000))).toBe('requested');
    expect(await sessions.leaseState(beside)).toBe('held');
    expect((await sessions.get(id))!.revision).toBe(revision);
    await sessions.releaseLease(first);
    expect(await sessions.leaseState(first)).toBe('lost');
    const second = await sessions.acquireLease(id, aLeaseRequest());
    expect(await sessions.leaseState(second)).toBe('held');
  },

  'asks only the holder of the lease that is named': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const first = await sessions.acquireLease(id, aLeaseRequest());
    await sessions.requestHandOver(id, first.token);
    const second = await sessions.acquireLease(id, aLeaseRequest({ takeOver: first.token }));
    await sessions.requestHandOver(id, first.token);
    expect(await sessions.leaseState(second)).toBe('held');
    expect(await sessions.leaseState(first)).toBe('lost');
    await sessions.releaseLease(second);
    await sessions.requestHandOver(id, second.token);
    await sessions.requestHandOver('unknown', 1);
    await sessions.purge([id]);
    expect(await sessions.leaseState(second)).toBe('lost');
  },

  'rejects for an unknown session and for one in the trash': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    await sessions.trash(id, noon);
    for (const sessionId of [id, 'unknown']) {
      await expect(sessions.acquireLease(sessionId, aLeaseRequest())).rejects.toMatchObject({
        code: 'SYNAPSE_SESSION_NOT_FOUND',
      });
    }
  },
};
