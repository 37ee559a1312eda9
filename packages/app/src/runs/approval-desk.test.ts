import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Store, ToolCallPart } from '@synapse/core';
import type { ApprovalQuestion } from '@synapse/core/conversation';
import type { RunEvent } from '@synapse/core/server';
import { createMemoryStore } from '@synapse/storage-memory';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { aSession } from '@synapse/test/support/samples';
import { ApprovalDesk } from './approval-desk.ts';

const call: ToolCallPart = { type: 'tool-call', id: 'c', name: 'write', input: {} };
const question: ApprovalQuestion = {
  ...{ tool: 'write', effect: 'write', details: [], warnings: [], reason: 'It writes.' },
  ...{ isInsisted: false, rules: [], askRule: null },
};

describe('ApprovalDesk', () => {
  let store: Store;
  let clock: FakeClock;
  let events: RunEvent[];
  beforeEach(() => {
    store = createMemoryStore();
    clock = new FakeClock();
    events = [];
  });
  const ask = async (signal = new AbortController().signal) => {
    const { id: sessionId } = await store.sessions.create(aSession());
    const run = { id: 'run', sessionId, add: (event: RunEvent) => events.push(event) };
    const answer = new ApprovalDesk(clock, store).ask(run, call, question, signal);
    answer.catch(() => undefined);
    while (events.length === 0) await new Promise((resolve) => setImmediate(resolve));
    return { answer, approval: (await store.approvals.pending())[0]! };
  };
  const states = () => events.map(({ data }) => (data as { state: string }).state);

  it('answers as the first decision does', async () => {
    const { answer, approval } = await ask();
    await store.approvals.decide(approval.id, 'session', 'laptop', clock.now());
    await expect(
      store.approvals.decide(approval.id, 'no', 'phone', clock.now()),
    ).rejects.toMatchObject({ code: 'SYNAPSE_APPROVAL_CLOSED' });
    expect(await answer).toBe('session');
    expect(states()).toEqual(['pending', 'decided']);
  });

  it('says no when nobody has answered within an hour', async () => {
    const { answer, approval } = await ask();
    await clock.advance(3_600_000 - 1);
    expect(await store.approvals.get(approval.id)).toMatchObject({ state: 'pending' });
    await clock.advance(1);
    expect(await answer).toBe('no');
    expect(states()).toEqual(['pending', 'expired']);
  });

  it('withdraws the question when the run is stopped', async () => {
    const stop = new AbortController();
    const { answer, approval } = await ask(stop.signal);
    const reason = new Error('stopped');
    stop.abort(reason);
    await expect(answer).rejects.toBe(reason);
    expect(await store.approvals.get(approval.id)).toMatchObject({ state: 'withdrawn' });
    expect(states()).toEqual(['pending', 'withdrawn']);
  });

  it('says no if the session is removed meanwhile', async () => {
    const { answer, approval } = await ask();
    await store.sessions.purge([approval.sessionId]);
    expect(await answer).toBe('no');
  });
});
