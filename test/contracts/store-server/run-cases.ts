import { expect } from '@jest/globals';
import { newId, type Lease, type Store } from '@synapse/core';
import type { NewRun, RunEvent } from '@synapse/core/server';
import {
  aConversation,
  aHolder,
  aLeaseRequest,
  aSession,
  at,
  noon,
} from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

const notFound = { code: 'SYNAPSE_RUN_NOT_FOUND' };

export function aRun(sessionId: string, run: Partial<NewRun> = {}): NewRun {
  const facts = { instanceId: 'instance', requestHash: 'hash', startedAt: noon };
  return { id: newId(), sessionId, ...facts, ...run };
}

export function anEvent(text: string): RunEvent {
  return { type: 'text-delta', data: { text } };
}

async function aBegunRun(store: Store): Promise<NewRun> {
  const { id } = await aConversation(store, ['q']);
  const run = aRun(id);
  await store.runs.begin(run);
  return run;
}

async function kindsSince({ changes }: Store, position: number): Promise<string[]> {
  return ((await changes.since(position, 100)) ?? []).map(({ kind }) => kind);
}

export const runCases: ContractCases<Store> = {
  'begins a run once, and returns it for its id again': async (store) => {
    const { id } = await store.sessions.create(aSession());
    const given = aRun(id);
    const begun = { outcome: null, endedAt: null, isCancelRequested: false, position: 0 };
    const run = { ...given, ...begun };
    expect(await store.runs.begin(given)).toEqual({ run, isNew: true });
    expect(await store.runs.begin({ ...given, requestHash: 'other' })).toEqual({
      ...{ run, isNew: false },
    });
    expect(await store.runs.get(given.id)).toEqual(run);
    expect(await store.runs.active(id)).toEqual(run);
    await store.runs.end(given.id, 'complete', at(1));
    const ended = { ...run, outcome: 'complete', endedAt: at(1) };
    expect(await store.runs.begin(given)).toEqual({ run: ended, isNew: false });
    expect(await store.runs.active(id)).toBeUndefined();
  },

  'has one active run in a session': async (store) => {
    const first = await aBegunRun(store);
    const next = aRun(first.sessionId);
    await expect(store.runs.begin(next)).rejects.toMatchObject({ code: 'SYNAPSE_SESSION_BUSY' });
    expect(await store.runs.get(next.id)).toBeUndefined();
    const elsewhere = await aBegunRun(store);
    await store.runs.end(first.id, 'failed', at(1));
    expect((await store.runs.begin(next)).isNew).toBe(true);
    expect((await store.runs.active(elsewhere.sessionId))?.id).toBe(elsewhere.id);
  },

  'lets one of many concurrent runs begin': async (store) => {
    const { id } = await store.sessions.create(aSession());
    const begun = Array.from({ length: 6 }, () => store.runs.begin(aRun(id)));
    const results = await Promise.allSettled(begun);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  },

  'begins no run in the trash, in no session, or with the id of a run elsewhere': async (store) => {
    const run = await aBegunRun(store);
    const { id } = await store.sessions.create(aSession());
    await expect(store.runs.begin({ ...run, sessionId: id })).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_CONFLICT',
    });
    await store.sessions.trash(id, noon);
    for (const sessionId of [id, newId()]) {
      await expect(store.runs.begin(aRun(sessionId))).rejects.toMatchObject({
        code: 'SYNAPSE_SESSION_NOT_FOUND',
      });
    }
  },

  'keeps events in order, from any position': async ({ runs, ...store }) => {
    const { id } = await aBegunRun({ runs, ...store });
    expect(await runs.append(id, [])).toBe(0);
    expect(await runs.append(id, [anEvent('a'), anEvent('b\0\ud800')])).toBe(2);
    const many = Array.from({ length: 250 }, (_, index) => anEvent(`c${index}`));
    expect(await runs.append(id, many)).toBe(252);
    expect(await runs.read(id, { after: 0, limit: 2 })).toEqual([
      { position: 1, ...anEvent('a') },
      { position: 2, ...anEvent('b\0\ud800') },
    ]);
    const rest = await runs.read(id, { after: 2, limit: 500 });
    expect(rest.map(({ position }) => position)).toEqual(many.map((_, index) => index + 3));
    expect(rest.map(({ data }) => data)).toEqual(many.map(({ data }) => data));
    expect(await runs.read(id, { after: 252, limit: 5 })).toEqual([]);
    expect((await runs.get(id))?.position).toBe(252);
  },

  'gives concurrent events positions without a gap': async (store) => {
    const { id } = await aBegunRun(store);
    const positions = await Promise.all(
      Array.from({ length: 8 }, () => store.runs.append(id, [anEvent('x'), anEvent('y')])),
    );
    expect(positions.sort((a, b) => a - b)).toEqual([2, 4, 6, 8, 10, 12, 14, 16]);
    const events = await store.runs.read(id, { after: 0, limit: 100 });
    expect(events.map(({ position }) => position)).toEqual(
      Array.from({ length: 16 }, (_, index) => index + 1),
    );
  },

  'takes no event and no other outcome after its end': async ({ runs, ...store }) => {
    const { id } = await aBegunRun({ runs, ...store });
    await runs.append(id, [anEvent('a')]);
    await runs.end(id, 'cancelled', at(1));
    await runs.end(id, 'complete', at(2));
    await expect(runs.append(id, [anEvent('b')])).rejects.toMatchObject({
      code: 'SYNAPSE_RUN_ENDED',
    });
    await runs.requestCancel(id);
    expect(await runs.get(id)).toMatchObject({
      ...{ outcome: 'cancelled', endedAt: at(1), isCancelRequested: false, position: 1 },
    });
    expect(await runs.read(id, { after: 0, limit: 9 })).toHaveLength(1);
  },

  'asks for a cancellation, once or more often': async ({ runs, ...store }) => {
    const { id } = await aBegunRun({ runs, ...store });
    await runs.requestCancel(id);
    await runs.requestCancel(id);
    expect(await runs.get(id)).toMatchObject({ outcome: null, isCancelRequested: true });
  },

  'rejects for an unknown run': async ({ runs }) => {
    const id = newId();
    expect(await runs.get(id)).toBeUndefined();
    const calls = [
      runs.append(id, [anEvent('a')]),
      runs.read(id, { after: 0, limit: 1 }),
      runs.end(id, 'complete', noon),
      runs.requestCancel(id),
    ];
    for (const call of await Promise.allSettled(calls)) {
      expect(call).toMatchObject({ status: 'rejected', reason: notFound });
    }
  },

  'lists the newest runs of a session first': async ({ runs, ...store }) => {
    const first = await aBegunRun({ runs, ...store });
    await runs.end(first.id, 'complete', at(1));
    const second = aRun(first.sessionId, { startedAt: at(2) });
    await runs.begin(second);
    await aBegunRun({ runs, ...store });
    const ids = async (limit: number) =>
      (await runs.list(first.sessionId, limit)).map(({ id }) => id);
    expect(await ids(9)).toEqual([second.id, first.id]);
    expect(await ids(1)).toEqual([second.id]);
  },

  'knows the runs whose instance lost the session': async (store) => {
    const begin = async (use: (lease: Lease) => Promise<unknown>) => {
      const { id } = await store.sessions.create(aSession());
      const holder = aHolder();
      const lease = await store.sessions.acquireLease(id, aLeaseRequest({ holder }));
      const run = aRun(id, { instanceId: holder.instanceId });
      await store.runs.begin(run);
      await use(lease);
      return run.id;
    };
    const orphans = [
      await begin((lease) => store.sessions.releaseLease(lease)),
      await begin((lease) => store.sessions.renewLease(lease, 0)),
      await begin(({ sessionId, token }) =>
        store.sessions.acquireLease(sessionId, aLeaseRequest({ takeOver: token })),
      ),
      await begin(({ sessionId }) => store.sessions.trash(sessionId, noon)),
    ];
    await begin(async () => undefined);
    await begin(async ({ sessionId }) => {
      const active = await store.runs.active(sessionId);
      await store.runs.end(active?.id ?? '', 'complete', at(1));
    });
    expect((await store.runs.orphans()).map(({ id }) => id)).toEqual(orphans.sort());
  },

  'knows the runs whose instance is dead, although it has the session': async (store) => {
    const { id } = await store.sessions.create(aSession());
    const holder = aHolder();
    await store.sessions.acquireLease(id, aLeaseRequest({ holder }));
    const run = aRun(id, { instanceId: holder.instanceId });
    await store.runs.begin(run);
    const isDead = ({ instanceId }: { instanceId: string }) => instanceId === holder.instanceId;
    expect(await store.runs.orphans(() => false)).toEqual([]);
    expect((await store.runs.orphans(isDead)).map(({ id: found }) => found)).toEqual([run.id]);
  },

  'removes the events of old runs, and keeps the runs': async ({ runs, ...store }) => {
    const old = await aBegunRun({ runs, ...store });
    const recent = await aBegunRun({ runs, ...store });
    const active = await aBegunRun({ runs, ...store });
    for (const { id } of [old, recent, active]) await runs.append(id, [anEvent('a'), anEvent('b')]);
    await runs.end(old.id, 'complete', at(1));
    await runs.end(recent.id, 'complete', at(60));
    expect(await runs.prune(at(60))).toBe(2);
    expect(await runs.read(old.id, { after: 0, limit: 9 })).toEqual([]);
    expect(await runs.get(old.id)).toMatchObject({ outcome: 'complete', position: 2 });
    for (const { id } of [recent, active]) {
      expect(await runs.read(id, { after: 0, limit: 9 })).toHaveLength(2);
    }
    expect(await runs.prune(at(60))).toBe(0);
  },

  'removes runs with their session': async (store) => {
    const run = await aBegunRun(store);
    await store.runs.append(run.id, [anEvent('a')]);
    await store.sessions.purge([run.sessionId]);
    expect(await store.runs.get(run.id)).toBeUndefined();
    expect(await store.runs.active(run.sessionId)).toBeUndefined();
    await expect(store.runs.append(run.id, [anEvent('b')])).rejects.toMatchObject(notFound);
    expect(await store.maintenance.check()).toEqual([]);
  },

  'removes the events of ended runs from a cleared session': async (store) => {
    const run = await aBegunRun(store);
    await store.runs.append(run.id, [anEvent('secret')]);
    await store.sessions.clear(run.sessionId, null);
    expect(await store.runs.read(run.id, { after: 0, limit: 9 })).toHaveLength(1);
    await store.runs.end(run.id, 'complete', at(1));
    await store.sessions.clear(run.sessionId, null);
    expect(await store.runs.read(run.id, { after: 0, limit: 9 })).toEqual([]);
  },

  'tells of its beginning, its cancellation and its end, and not of its events': async (store) => {
    const { id } = await aConversation(store, ['q']);
    const { revision } = (await store.sessions.get(id))!;
    const start = await store.changes.position();
    const run = aRun(id);
    await store.runs.begin(run);
    await store.runs.begin(run);
    await store.runs.append(run.id, [anEvent('a')]);
    expect(await store.changes.since(start, 9)).toMatchObject([
      { kind: 'run', sessionId: id, revision },
    ]);
    for (let time = 0; time < 2; time += 1) await store.runs.requestCancel(run.id);
    expect(await kindsSince(store, start)).toEqual(['run', 'run']);
    for (let time = 0; time < 2; time += 1) await store.runs.end(run.id, 'cancelled', at(1));
    expect(await kindsSince(store, start)).toEqual(['run', 'run', 'run']);
    expect((await store.sessions.get(id))?.revision).toBe(revision);
  },

  'wakes the readers of a run when it has new events and when it ends': async ({
    sessions,
    runs,
  }) => {
    const { id: sessionId } = await sessions.create(aSession());
    const { run } = await runs.begin(aRun(sessionId));
    const stop = new AbortController();
    const wakes = runs.wake(run.id, stop.signal)[Symbol.asyncIterator]();
    expect(await wakes.next()).toMatchObject({ done: false });
    for (const change of [
      () => runs.append(run.id, [anEvent('a')]),
      () => runs.end(run.id, 'complete', noon),
    ]) {
      const next = wakes.next();
      await change();
      expect(await next).toMatchObject({ done: false });
    }
    const last = wakes.next();
    stop.abort();
    expect(await last).toMatchObject({ done: true });
  },
};
