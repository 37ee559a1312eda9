import { expect } from '@jest/globals';
import { newId, type Message, type Store } from '@synapse/core';
import type { LedgerEntry } from '@synapse/core/store-kit';
import { copyStore } from '@synapse/portability';
import { createMemoryStore } from '@synapse/storage-memory';
import {
  aContext,
  aLeaseRequest,
  aMessage,
  anAnswer,
  aSession,
  changed,
  aTitle,
  at,
  noon,
} from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';
import { spendingIsCountedOnce } from './ledger-property.ts';

const usage = {
  ...{ inputTokens: 100, outputTokens: 20, cacheReadTokens: 3, cacheWriteTokens: 4 },
  ...{ reasoningTokens: 5, estimated: true },
};
const price = {
  ...{ inputPerMillion: 1, outputPerMillion: 2 },
  ...{ cacheReadPerMillion: 0.5, cacheWritePerMillion: 0 },
};
const paid = { usage, cost: { nanoUsd: 7, price } };
/** What a session has spent after so many calls that were paid for. */
const spentBy = (calls: number) => ({
  ...{ inputTokens: 100 * calls, outputTokens: 20 * calls, costNanoUsd: 7 * calls },
});

async function ledgerOf({ transfer }: Store): Promise<LedgerEntry[]> {
  return transfer.ledger({ after: null, limit: 500 });
}

/** A session with so many questions and answers that were paid for. */
async function aPaidSession(
  store: Store,
  answers = 1,
): Promise<{ id: string; messages: Message[] }> {
  const { id } = await store.sessions.create(aSession());
  const messages: Message[] = [];
  for (let turn = 0; turn < answers; turn += 1) {
    const asked = await store.sessions.append(id, [aMessage('q')], null);
    messages.push(...asked, ...(await store.sessions.append(id, [anAnswer('a', paid)], null)));
  }
  return { id, messages };
}

async function* pagesOf(...pages: Message[][]): AsyncGenerator<Message[]> {
  yield* pages;
}

export const ledgerCases: ContractCases<Store> = {
  'has an entry for each call of a model, and none for what nobody was paid for': async (store) => {
    const { sessions } = store;
    const { id } = await sessions.create(aSession());
    const by = { provider: 'a \u0000', model: 'b \ud800' };
    const answer = anAnswer('a', {
      ...{ ...paid, ...by, latencyMs: 1.5, timeToFirstTokenMs: 0.25, createdAt: at(3) },
      finishReason: { unified: 'stop', raw: 'end' },
    });
    const others = [
      anAnswer('', { status: 'failed', usage: null }),
      anAnswer('par', { status: 'interrupted', usage }),
      aTitle('t', { ...paid, status: 'failed' }),
      aContext({ summary: 's' }, paid),
    ];
    const unpaid = [aMessage('q'), aMessage('r', { role: 'tool' }), aTitle('own'), aContext({})];
    await sessions.append(id, [answer], null);
    for (const one of unpaid) await sessions.append(id, [one], null);
    await sessions.append(id, others, null);
    const entries = await ledgerOf(store);
    expect(entries.map((entry) => [entry.id, entry.kind, entry.status])).toEqual([
      [answer.id, 'answer', 'complete'],
      [others[0]!.id, 'answer', 'failed'],
      [others[1]!.id, 'answer', 'interrupted'],
      [others[2]!.id, 'title', 'failed'],
      [others[3]!.id, 'summary', 'complete'],
    ]);
    expect(entries[0]).toEqual({
      ...{ id: answer.id, sessionId: id, kind: 'answer', origin: null, status: 'complete' },
      ...{ ...paid, ...by, latencyMs: 1.5, timeToFirstTokenMs: 0.25, createdAt: at(3) },
      finishReason: { unified: 'stop', raw: 'end' },
    });
    expect(await sessions.get(id)).toMatchObject({ inputTokens: 400, costNanoUsd: 21 });
    expect(await sessions.get(id)).toMatchObject({ unpricedCount: 1 });
    expect(await store.maintenance.check()).toEqual([]);
  },

  'enters a call once, however often its message is stored and removed': async (store) => {
    const { sessions } = store;
    const { id, messages } = await aPaidSession(store);
    await sessions.append(id, messages, null);
    await sessions.append(id, [messages[1]!], null);
    await sessions.undoTurn(id, null);
    await sessions.append(id, [messages[1]!], null);
    await sessions.clear(id, null);
    await sessions.append(id, messages, null);
    expect(await ledgerOf(store)).toHaveLength(1);
    expect(await sessions.get(id)).toMatchObject({ ...spentBy(1), messageCount: 2 });
    expect(await store.maintenance.check()).toEqual([]);
  },

  'brings the entry of a running answer up to date': async (store) => {
    const { sessions } = store;
    const { id } = await sessions.create(aSession());
    const running = anAnswer('a', { status: 'running' });
    await sessions.append(id, [running], null);
    expect(await ledgerOf(store)).toMatchObject([{ status: 'running', usage: null }]);
    await sessions.append(id, [{ ...running, usage }], null);
    expect(await sessions.get(id)).toMatchObject({ inputTokens: 100, unpricedCount: 1 });
    await sessions.append(id, [{ ...running, ...paid, status: 'complete' }], null);
    await sessions.append(id, [{ ...running, status: 'failed' }], null);
    expect(await ledgerOf(store)).toMatchObject([{ ...paid, status: 'complete' }]);
    expect(await sessions.get(id)).toMatchObject({ ...spentBy(1), unpricedCount: 0 });
    expect(await store.maintenance.check()).toEqual([]);
  },

  'completes the entry of a running answer whose message was removed meanwhile': async (store) => {
    const { sessions } = store;
    const { id } = await sessions.create(aSession());
    const running = anAnswer('a', { status: 'running', usage });
    await sessions.append(id, [running], null);
    await sessions.clear(id, null);
    await sessions.append(id, [{ ...running, ...paid, status: 'complete' }], null);
    expect(await ledgerOf(store)).toMatchObject([{ ...paid, status: 'complete' }]);
    expect(await sessions.get(id)).toMatchObject({ ...spentBy(1), unpricedCount: 0 });
  },

  'says interrupted of an answer that an earlier holder of the lease left running': async (
    store,
  ) => {
    const { sessions } = store;
    const { id } = await aPaidSession(store);
    const other = await aPaidSession(store);
    const running = anAnswer('par', { status: 'running', usage });
    await sessions.append(id, [running], null);
    await sessions.append(other.id, [anAnswer('par', { status: 'running' })], null);
    await sessions.acquireLease(id, aLeaseRequest());
    const statuses = (await ledgerOf(store)).map(({ sessionId, status }) => [sessionId, status]);
    expect(statuses.toSorted()).toEqual(
      [
        [id, 'complete'],
        [id, 'interrupted'],
        [other.id, 'complete'],
        [other.id, 'running'],
      ].toSorted(),
    );
  },

  'gives nothing back when messages are undone or cleared, and sessions purged': async (store) => {
    const { sessions, usage: usages } = store;
    const { id } = await aPaidSession(store, 3);
    const before = await ledgerOf(store);
    const spent = async () => (await usages.usage({ by: 'provider' }))[0]?.costNanoUsd;
    await sessions.undoTurn(id, null);
    expect(await sessions.get(id)).toMatchObject({ ...spentBy(3), messageCount: 4, turnCount: 2 });
    expect(await spent()).toBe(21);
    await sessions.clear(id, null);
    expect(await sessions.get(id)).toMatchObject({ ...spentBy(3), messageCount: 0, turnCount: 0 });
    expect(await store.maintenance.check()).toEqual([]);
    await sessions.trash(id, noon);
    expect(await spent()).toBe(21);
    await sessions.purge([id]);
    expect(await ledgerOf(store)).toEqual(before);
    expect(await spent()).toBe(21);
    expect(await store.maintenance.check()).toEqual([]);
  },

  'counts no call again for a fork, or a fork of that': async (store) => {
    const { sessions } = store;
    const { id, messages } = await aPaidSession(store, 2);
    const fork = await sessions.fork(id, { id: newId(), createdAt: at(5) });
    expect(fork).toMatchObject({ ...spentBy(0), unpricedCount: 0, messageCount: 4 });
    await sessions.append(fork.id, [aMessage('q'), anAnswer('own', paid)], null);
    const second = await sessions.fork(fork.id, { id: newId(), createdAt: at(6) });
    expect(await ledgerOf(store)).toHaveLength(3);
    expect(await sessions.get(fork.id)).toMatchObject(spentBy(1));
    expect(await sessions.get(second.id)).toMatchObject(spentBy(0));
    const copies = await sessions.messages(second.id, { limit: 9 });
    const own = await sessions.messages(fork.id, { limit: 9, after: 4 });
    const originals = [...messages, ...own].map((message) => message.id);
    expect(copies.map(({ copyOf }) => copyOf)).toEqual(originals);
    await sessions.undoTurn(second.id, null);
    expect(await sessions.get(second.id)).toMatchObject(spentBy(0));
    expect(await store.maintenance.check()).toEqual([]);
  },

  'enters nothing of an append that is refused': async (store) => {
    const { messages } = await aPaidSession(store);
    const { id } = await store.sessions.create(aSession());
    for (const given of [[messages[1]!], [anAnswer('a', paid), messages[1]!]]) {
      await expect(store.sessions.append(id, given, null)).rejects.toMatchObject({
        code: 'SYNAPSE_SESSION_CONFLICT',
      });
    }
    await expect(store.sessions.append(newId(), [anAnswer('a', paid)], null)).rejects.toThrow();
    expect(await ledgerOf(store)).toHaveLength(1);
    expect(await store.sessions.get(id)).toMatchObject(spentBy(0));
  },

  'adds entries once, also of a session that is gone': async (store) => {
    const source = createMemoryStore();
    const { id } = await aPaidSession(source, 2);
    const entries = await ledgerOf(source);
    expect(await store.transfer.addLedger(entries)).toBe(2);
    expect(await store.transfer.addLedger(entries)).toBe(0);
    expect(await ledgerOf(store)).toEqual(entries);
    await store.sessions.create(aSession({ id }));
    const [entry] = entries as [LedgerEntry];
    const more = { ...entry, id: newId(), origin: 'elsewhere', cost: null };
    expect(await store.transfer.addLedger([entry, more])).toBe(1);
    const spent = { inputTokens: 300, outputTokens: 60, costNanoUsd: 14, unpricedCount: 1 };
    expect(await store.sessions.get(id)).toMatchObject(spent);
  },

  'gives entries by id, page by page, of all sessions or one': async (store) => {
    const { transfer } = store;
    const first = await aPaidSession(store, 3);
    const second = await aPaidSession(store, 2);
    const entries = await ledgerOf(store);
    const ids = entries.map((entry) => entry.id);
    expect(ids).toEqual(ids.toSorted());
    const page = await transfer.ledger({ after: ids[1]!, limit: 2 });
    expect(page).toEqual(entries.slice(2, 4));
    const own = await transfer.ledger({ after: null, limit: 9, sessionId: second.id });
    expect(own).toEqual(entries.filter(({ sessionId }) => sessionId === second.id));
    expect(own).toHaveLength(2);
    const rest = { after: ids[1]!, limit: 9, sessionId: first.id };
    expect(await transfer.ledger(rest)).toEqual(
      entries.slice(2).filter(({ sessionId }) => sessionId === first.id),
    );
  },

  'enters what an added session spent elsewhere under its origin, copies not': async (store) => {
    const source = createMemoryStore();
    const { id } = await aPaidSession(source, 2);
    const fork = await source.sessions.fork(id, { id: newId(), createdAt: at(5) });
    await source.sessions.append(fork.id, [aMessage('q'), anAnswer('own', paid)], null);
    for (const sessionId of [fork.id, id]) {
      const messages = await source.sessions.messages(sessionId, { limit: 9 });
      const session = (await source.sessions.get(sessionId))!;
      const options = { origin: 'import' };
      await store.transfer.addSession(session, pagesOf(messages), options);
      expect(await store.sessions.get(sessionId)).toEqual(session);
    }
    const origins = (await ledgerOf(store)).map(({ origin }) => origin);
    expect(origins).toEqual(['import', 'import', 'import']);
    expect(await store.usage.usage({ by: 'session' })).toEqual([]);
    expect(await store.maintenance.check()).toEqual([]);
  },

  'leaves the entries of calls that were made here when their session is added again': async (
    store,
  ) => {
    const { sessions, transfer } = store;
    const { id, messages } = await aPaidSession(store, 2);
    const session = (await sessions.get(id))!;
    const before = await ledgerOf(store);
    await sessions.purge([id]);
    await transfer.addSession(session, pagesOf(messages), { origin: 'import' });
    expect(await ledgerOf(store)).toEqual(before);
    expect(await sessions.get(id)).toEqual(session);
  },

  'enters what an extended session spent elsewhere, once': async (store) => {
    const source = createMemoryStore();
    const { id, messages } = await aPaidSession(source, 3);
    const session = (await source.sessions.get(id))!;
    const cut = anAnswer('par', { status: 'interrupted' });
    const [whole] = await source.sessions.append(
      id,
      [{ ...cut, ...paid, status: 'complete' }],
      null,
    );
    const origin = 'import';
    const partial = { ...whole!, seq: 3, status: 'interrupted' as const, usage: null, cost: null };
    await store.transfer.addSession(session, pagesOf([...messages.slice(0, 2), partial]), {
      origin,
    });
    expect(await store.sessions.get(id)).toMatchObject(spentBy(1));
    const rest = [{ ...whole!, seq: 3 }, ...messages.slice(3)];
    await store.transfer.extendSession(session, rest, { lastSeq: 3, lease: null, origin });
    expect(await store.sessions.get(id)).toMatchObject({ ...spentBy(4), messageCount: 6 });
    const origins = (await ledgerOf(store)).map((entry) => entry.origin);
    expect(origins).toEqual([origin, origin, origin, origin]);
    expect(await store.usage.usage({ by: 'session' })).toEqual([]);
    expect(await store.maintenance.check()).toEqual([]);
  },

  'copies the cost of an answer that was running in an earlier copy': async (store) => {
    const source = createMemoryStore();
    const { id } = await aPaidSession(source);
    const running = anAnswer('par', { status: 'running' });
    await source.sessions.append(id, [running], null);
    await copyStore(source, store);
    await source.sessions.append(id, [{ ...running, ...paid, status: 'complete' }], null);
    expect(await copyStore(source, store)).toMatchObject({ extendedCount: 1, differing: [] });
    expect(await ledgerOf(store)).toEqual(await ledgerOf(source));
    expect(await store.sessions.get(id)).toMatchObject(spentBy(2));
    // A copy of the part changes nothing any more.
    const part = { ...(await ledgerOf(store))[1]!, status: 'running' as const, cost: null };
    expect(await store.transfer.addLedger([part])).toBe(0);
    expect(await store.sessions.get(id)).toMatchObject(spentBy(2));
  },

  'counts every call once and for good, whatever is done': spendingIsCountedOnce,

  'is copied to another store with what purged sessions have spent': async (store) => {
    const { id } = await aPaidSession(store, 2);
    const gone = await aPaidSession(store);
    await store.sessions.undoTurn(id, null);
    await store.sessions.purge([gone.id]);
    const other = createMemoryStore();
    for (let time = 0; time < 2; time += 1) {
      expect(await copyStore(store, other)).toMatchObject({ differing: [] });
      expect(await ledgerOf(other)).toEqual(await ledgerOf(store));
    }
    // The cost of the copied ledger is a change.
    expect(await other.sessions.get(id)).toEqual(changed(await store.sessions.get(id)));
    const back = await copyStore(other, store);
    expect(back).toMatchObject({ differing: [], addedCount: 0 });
    expect(await ledgerOf(store)).toHaveLength(3);
  },
};
