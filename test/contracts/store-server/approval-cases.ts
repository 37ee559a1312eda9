import { expect } from '@jest/globals';
import { newId, type Store } from '@synapse/core';
import type { NewApproval } from '@synapse/core/server';
import { aConversation, aSession, at, noon } from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

const open = { state: 'pending', answer: null, decidedBy: null, closedAt: null };

export function anApproval(sessionId: string, approval: Partial<NewApproval> = {}): NewApproval {
  const question = {
    ...{ tool: 'shell', effect: 'execute' as const, warnings: [], reason: 'No rule.' },
    ...{ details: [{ name: 'command', text: 'rm -rf \0\ud800' }], isInsisted: false },
    ...{ rules: ['shell: rm *'], askRule: null },
  };
  const times = { openedAt: noon, expiresAt: at(3600) };
  return { id: newId(), sessionId, runId: null, callId: 'call_1', question, ...times, ...approval };
}

async function anOpenApproval(
  store: Store,
  approval: Partial<NewApproval> = {},
): Promise<NewApproval> {
  const { id } = await store.sessions.create(aSession());
  const opened = anApproval(id, approval);
  await store.approvals.open(opened);
  return opened;
}

export const approvalCases: ContractCases<Store> = {
  'opens a question once, and keeps all of it': async (store) => {
    const { id } = await store.sessions.create(aSession());
    const given = anApproval(id, { runId: newId() });
    const stored = { ...given, ...open };
    expect(await store.approvals.open(given)).toEqual(stored);
    expect(await store.approvals.open({ ...given, callId: 'other' })).toEqual(stored);
    expect(await store.approvals.get(given.id)).toEqual(stored);
    expect(await store.approvals.get(newId())).toBeUndefined();
  },

  'opens no question of an unknown session, or with an id of another one': async (store) => {
    const given = await anOpenApproval(store);
    const { id } = await store.sessions.create(aSession());
    await expect(store.approvals.open({ ...given, sessionId: id })).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_CONFLICT',
    });
    await expect(store.approvals.open(anApproval(newId()))).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_NOT_FOUND',
    });
  },

  'lists the pending questions, the oldest first': async (store) => {
    const second = await anOpenApproval(store, { openedAt: at(2) });
    const first = await anOpenApproval(store, { openedAt: at(1) });
    const decided = await anOpenApproval(store);
    await store.approvals.decide(decided.id, 'no', 'token', at(3));
    const ids = async (sessionId?: string) =>
      (await store.approvals.pending({ sessionId })).map(({ id }) => id);
    expect(await ids()).toEqual([first.id, second.id]);
    expect(await ids(second.sessionId)).toEqual([second.id]);
    expect(await ids(decided.sessionId)).toEqual([]);
    expect((await store.approvals.pending({ owner: 'ann' })).length).toBe(0);
    expect((await store.approvals.pending({ owner: null })).length).toBe(2);
  },

  'takes the first answer, and the same one again': async ({ approvals, ...store }) => {
    const given = await anOpenApproval({ approvals, ...store });
    const decided = {
      ...{ ...given, state: 'decided', answer: 'session', decidedBy: 'a token', closedAt: at(1) },
    };
    expect(await approvals.decide(given.id, 'session', 'a token', at(1))).toEqual(decided);
    expect(await approvals.decide(given.id, 'session', 'another', at(2))).toEqual(decided);
    await expect(approvals.decide(given.id, 'no', 'another', at(2))).rejects.toMatchObject({
      ...{ code: 'SYNAPSE_APPROVAL_CLOSED' },
      message: expect.stringContaining('it was answered with "session"') as unknown,
    });
    expect(await approvals.get(given.id)).toEqual(decided);
  },

  'takes one of many concurrent answers': async ({ approvals, ...store }) => {
    const { id } = await anOpenApproval({ approvals, ...store });
    const answers = ['once', 'session', 'always', 'no'] as const;
    const calls = answers.map((answer) => approvals.decide(id, answer, 'token', at(1)));
    const results = await Promise.allSettled(calls);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  },

  'takes no answer to a question that is unknown, withdrawn or expired': async ({
    approvals,
    ...store
  }) => {
    const closed = { code: 'SYNAPSE_APPROVAL_CLOSED' };
    await expect(approvals.decide(newId(), 'no', 'token', noon)).rejects.toMatchObject({
      code: 'SYNAPSE_APPROVAL_NOT_FOUND',
    });
    const withdrawn = await anOpenApproval({ approvals, ...store });
    await approvals.withdraw(withdrawn.id, at(1));
    await approvals.withdraw(withdrawn.id, at(2));
    await expect(approvals.decide(withdrawn.id, 'once', 'token', at(2))).rejects.toMatchObject({
      ...closed,
      message: expect.stringContaining('it was withdrawn') as unknown,
    });
    expect(await approvals.get(withdrawn.id)).toMatchObject({
      state: 'withdrawn',
      closedAt: at(1),
    });
    const late = await anOpenApproval({ approvals, ...store }, { expiresAt: at(10) });
    await expect(approvals.decide(late.id, 'once', 'token', at(10))).rejects.toMatchObject({
      ...closed,
      message: expect.stringContaining('it has expired') as unknown,
    });
    await approvals.withdraw(newId(), at(1));
  },

  'closes what has expired, and returns it': async ({ approvals, ...store }) => {
    const open = { approvals, ...store };
    const early = await anOpenApproval(open, { expiresAt: at(10) });
    const later = await anOpenApproval(open, { expiresAt: at(11) });
    const decided = await anOpenApproval(open, { expiresAt: at(9) });
    await approvals.decide(decided.id, 'once', 'token', at(1));
    const expired = { ...early, state: 'expired', answer: null, decidedBy: null, closedAt: at(10) };
    expect(await approvals.expire(at(10))).toEqual([expired]);
    expect(await approvals.expire(at(10))).toEqual([]);
    expect((await approvals.pending()).map(({ id }) => id)).toEqual([later.id]);
    expect(await approvals.get(early.id)).toEqual(expired);
  },

  'removes questions with their session, and closed ones from a cleared session': async (store) => {
    const { id } = await aConversation(store, ['q']);
    const [decided, pending] = [anApproval(id), anApproval(id)];
    for (const approval of [decided, pending]) await store.approvals.open(approval);
    await store.approvals.decide(decided.id, 'no', 'token', at(1));
    await store.sessions.clear(id, null);
    expect(await store.approvals.get(decided.id)).toBeUndefined();
    expect(await store.approvals.get(pending.id)).toMatchObject({ state: 'pending' });
    await store.sessions.purge([id]);
    expect(await store.approvals.get(pending.id)).toBeUndefined();
    expect(await store.approvals.pending()).toEqual([]);
  },

  'tells of questions that open and close': async (store) => {
    const given = await anOpenApproval(store);
    const kinds = async (position: number) =>
      (await store.changes.since(position, 9))?.map(({ kind, sessionId }) => [kind, sessionId]);
    const start = await store.changes.position();
    const expected = ['approval', given.sessionId];
    await store.approvals.decide(given.id, 'no', 'token', at(1));
    await store.approvals.decide(given.id, 'no', 'token', at(1));
    expect(await kinds(start)).toEqual([expected]);
    await store.approvals.open(anApproval(given.sessionId, { expiresAt: at(2) }));
    await store.approvals.expire(at(2));
    expect(await kinds(start)).toEqual([expected, expected, expected]);
  },
};
