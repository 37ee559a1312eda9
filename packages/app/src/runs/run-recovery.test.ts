import { beforeEach, describe, expect, it } from '@jest/globals';
import { newId, type Store } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { ScriptedProvider } from '@synapse/test/fakes/scripted-provider';
import { appWith } from '@synapse/test/support/run-testbed';
import { aSession } from '@synapse/test/support/samples';
import { RunRecovery } from './run-recovery.ts';

const question = {
  ...{ tool: 'write', effect: 'write' as const, details: [], warnings: [], reason: 'It writes.' },
  ...{ isInsisted: false, rules: [], askRule: null },
};

describe('the periodic work of a server', () => {
  let store: Store;
  let clock: FakeClock;
  let sessionId: string;
  beforeEach(async () => {
    store = createMemoryStore();
    clock = new FakeClock();
    sessionId = (await store.sessions.create(aSession())).id;
  });

  /** Ends with the work of as many rounds. */
  const work = async (rounds: number, passMs = 15_000) => {
    const app = await appWith(new ScriptedProvider(), clock);
    const recovery = new RunRecovery(app, store, new Map());
    const stop = new AbortController();
    const working = recovery.keepRecovering(stop.signal);
    for (let round = 0; round < rounds; round += 1) {
      await clock.advance(passMs);
      while (clock.sleeperCount === 0) await clock.advance(0);
    }
    stop.abort();
    await working;
  };
  const aRun = async () => {
    const run = { id: newId(), sessionId, instanceId: 'i', requestHash: 'h' };
    await store.runs.begin({ ...run, startedAt: clock.now() });
    await store.runs.append(run.id, [{ type: 'text-delta', data: { text: 'a' } }]);
    await store.runs.end(run.id, 'complete', clock.now());
    return run.id;
  };
  const anApproval = async (runId: string | null, expiresMs: number) => {
    const openedAt = clock.now();
    const expiresAt = new Date(openedAt.getTime() + expiresMs);
    const approval = { id: newId(), sessionId, runId, callId: 'c', question, openedAt, expiresAt };
    return (await store.approvals.open(approval)).id;
  };
  const stateOf = async (id: string) => (await store.approvals.get(id))?.state;

  it('removes the events of ended runs after the time of the settings', async () => {
    const id = await aRun();
    const read = () => store.runs.read(id, { after: 0, limit: 9 });
    await work(2, 300_000);
    expect(await read()).toHaveLength(1);
    await work(1, 1);
    await work(1);
    expect(await read()).toEqual([]);
    expect(await store.runs.get(id)).toMatchObject({ position: 1 });
  });

  it('closes the questions that have expired, and those that an ended run has left', async () => {
    const [due, later] = [await anApproval(null, 10_000), await anApproval(null, 60_000)];
    const forgotten = await anApproval(await aRun(), 60_000);
    await work(1);
    expect(await Promise.all([due, later, forgotten].map(stateOf))).toEqual([
      ...['expired', 'pending', 'withdrawn'],
    ]);
  });
});
