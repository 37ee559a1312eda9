import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, textOf, type Store, type StreamEvent } from '@synapse/core';
import { thisProcess } from '@synapse/core/conversation';
import { createMemoryStore } from '@synapse/storage-memory';
import { openPostgresStore } from '@synapse/storage-postgres';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { FakeTools } from '@synapse/test/fakes/fake-tools';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import {
  appWith,
  newsOf,
  openRuns,
  said,
  textIn,
  withTools,
  type RunTestbed,
} from '@synapse/test/support/run-testbed';
import { aMessage } from '@synapse/test/support/samples';
import { until } from '@synapse/test/support/until';
import { RunRegistry } from './run-registry.ts';

const postgres = usePostgres();
const folder = mkdtempSync(join(tmpdir(), 'synapse-runs-'));
let count = 0;
afterAll(() => rmSync(folder, { recursive: true }));

const stores: Record<string, () => Promise<Store>> = {
  memory: async () => createMemoryStore(),
  sqlite: () => openSqliteStore({ path: join(folder, `${count++}.db`) }),
  postgres: () =>
    openPostgresStore({ url: postgres.url, schema: postgres.newSchema(), allowForeign: true }),
};

/** Something that a test lets happen. */
function aGate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

/** Resolves when the signal aborts, as a provider that is cut off does. */
const hang = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });

describe.each(Object.entries(stores))('RunRegistry on %s', (_, open) => {
  let store: Store;
  let bed: RunTestbed;
  beforeEach(async () => {
    store = await open();
  });
  afterEach(async () => {
    await bed.registry.stop(0);
    await store.close();
  });
  const stored = async () =>
    (await store.sessions.messages(bed.sessionId, { limit: 100 })).map(
      ({ role, status, parts }) => `${role} ${status}: ${textOf(parts)}`,
    );
  const ended = async (id: string, registry = bed.registry) => {
    const last = (await newsOf(registry, id)).at(-1);
    return last?.type === 'event' ? last.event : undefined;
  };

  it('stores the question before it returns, and answers without a reader', async () => {
    const gate = aGate();
    bed = await openRuns(store, new ScriptedProvider([() => gate.opened, text('yes'), turnEnd]));
    const id = await bed.start('why?');
    expect(await stored()).toEqual(['user complete: why?']);
    expect((await store.sessions.message(bed.sessionId, id))?.id).toBe(id);
    expect(await store.runs.active(bed.sessionId)).toMatchObject({ id, outcome: null });
    gate.open();
    await until(async () => (await store.runs.get(id))?.outcome === 'complete');
    expect(await stored()).toEqual(['user complete: why?', 'assistant complete: yes']);
  });

  it('tells two readers the same, one of whom comes late', async () => {
    const gate = aGate();
    const script = [text('one '), () => gate.opened, text('two'), turnEnd];
    bed = await openRuns(store, new ScriptedProvider(script));
    const id = await bed.start();
    const early = newsOf(bed.registry, id);
    gate.open();
    const late = await newsOf(bed.registry, id);
    expect(textIn(late)).toBe('one two');
    expect(await early).toEqual(late);
    expect(late.at(-1)).toMatchObject({
      event: { type: 'run-ended', data: { outcome: 'complete', error: null } },
    });
  });

  it('returns the run of a repeated request, and refuses another with its id', async () => {
    const gate = aGate();
    bed = await openRuns(store, new ScriptedProvider([() => gate.opened, text('a'), turnEnd]));
    const { registry, sessionId } = bed;
    const request = { id: newId(), sessionId, parts: said('q') };
    const [first, second] = await Promise.all([registry.start(request), registry.start(request)]);
    expect([first.isNew, second.isNew]).toEqual([true, false]);
    expect(second.run.id).toBe(first.run.id);
    await expect(registry.start({ ...request, parts: said('other') })).rejects.toMatchObject({
      code: 'SYNAPSE_INVALID_DATA',
    });
    gate.open();
    await ended(request.id);
    expect(await registry.start(request)).toMatchObject({
      isNew: false,
      run: { outcome: 'complete' },
    });
    expect(await stored()).toHaveLength(2);
  });

  it('refuses a second run of a session, and names the first', async () => {
    bed = await openRuns(store, new ScriptedProvider([hang], [text('later'), turnEnd]));
    const id = await bed.start();
    await expect(bed.start('another')).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_BUSY',
      message: expect.stringContaining(id) as unknown,
    });
    await bed.registry.cancel(id);
    expect(await ended(id)).toMatchObject({ data: { outcome: 'cancelled' } });
    expect(textIn(await newsOf(bed.registry, await bed.start('another')))).toBe('later');
  });

  it('takes no id of a message that is not the question', async () => {
    bed = await openRuns(store, new ScriptedProvider());
    const message = aMessage('q');
    await store.sessions.append(bed.sessionId, [message, aMessage('another')], null);
    await expect(bed.start('q', message.id)).rejects.toMatchObject({
      code: 'SYNAPSE_INVALID_DATA',
    });
    expect(await store.runs.active(bed.sessionId)).toBeUndefined();
  });

  it('goes on with a stored question whose run was not stored', async () => {
    bed = await openRuns(store, new ScriptedProvider([text('a'), turnEnd]));
    const message = aMessage('q');
    await store.sessions.append(bed.sessionId, [message], null);
    await bed.start('q', message.id);
    await ended(message.id);
    expect(await stored()).toEqual(['user complete: q', 'assistant complete: a']);
  });

  it('cancels a run that another server works on', async () => {
    bed = await openRuns(store, new ScriptedProvider([text('half'), hang]));
    const other = new RunRegistry({ app: bed.app, store });
    const id = await bed.start();
    await newsOf(bed.registry, id, { count: 2 });
    await other.cancel(id);
    expect(await ended(id, other)).toMatchObject({ data: { outcome: 'cancelled' } });
    expect(await stored()).toEqual(['user complete: question', 'assistant interrupted: half']);
    expect(textIn(await newsOf(other, id))).toBe('half');
  });

  it('interrupts the runs when it stops, and begins no other', async () => {
    bed = await openRuns(store, new ScriptedProvider([text('half'), hang]));
    const id = await bed.start();
    await newsOf(bed.registry, id, { count: 2 });
    await bed.registry.stop(0);
    expect(await store.runs.get(id)).toMatchObject({ outcome: 'interrupted' });
    expect(await stored()).toContain('assistant interrupted: half');
    await expect(bed.start()).rejects.toMatchObject({ code: 'SYNAPSE_INTERRUPTED' });
  });

  it('lets a run end that needs less than the given time', async () => {
    const gate = aGate();
    bed = await openRuns(store, new ScriptedProvider([() => gate.opened, text('a'), turnEnd]));
    const id = await bed.start();
    const stopped = bed.registry.stop(60_000);
    gate.open();
    await stopped;
    expect(await store.runs.get(id)).toMatchObject({ outcome: 'complete' });
  });

  it('ends the runs of a dead server as interrupted, with their answers and approvals', async () => {
    bed = await openRuns(store, new ScriptedProvider());
    const { sessionId } = bed;
    const question = aMessage('q');
    const partial = aMessage('half', { role: 'assistant', status: 'running' });
    const dead = { ...thisProcess(), processStart: '1' };
    const lease = await store.sessions.acquireLease(sessionId, {
      holder: dead,
      durationMs: 30_000,
    });
    await store.sessions.append(sessionId, [question, partial], lease);
    const startedAt = new Date();
    await store.runs.begin({
      ...{ id: question.id, sessionId, requestHash: 'hash', startedAt },
      instanceId: dead.instanceId,
    });
    await store.approvals.open({
      ...{ id: newId(), sessionId, runId: question.id, callId: '1', openedAt: startedAt },
      expiresAt: new Date(startedAt.getTime() + 60_000),
      question: {
        ...{ tool: 't', effect: 'read', details: [], warnings: [], reason: 'r' },
        ...{ isInsisted: false, rules: [], askRule: null },
      },
    });
    await bed.registry.watch();
    expect(await store.runs.get(question.id)).toMatchObject({ outcome: 'interrupted' });
    expect(await ended(question.id)).toMatchObject({
      data: { outcome: 'interrupted', error: { code: 'SYNAPSE_INTERRUPTED' } },
    });
    expect(await stored()).toEqual(['user complete: q', 'assistant interrupted: half']);
    expect(await store.approvals.pending()).toEqual([]);
  });

  it('leaves the run of a living server alone', async () => {
    bed = await openRuns(store, new ScriptedProvider([hang]));
    const id = await bed.start();
    const other = new RunRegistry({ app: bed.app, store });
    await other.watch();
    expect(await store.runs.get(id)).toMatchObject({ outcome: null });
    await other.stop(0);
  });

  describe('with a tool that needs approval', () => {
    const call: StreamEvent = { type: 'tool-call', id: 'c', name: 'write', input: {} };
    const callEnd: StreamEvent = {
      ...turnEnd,
      finishReason: { unified: 'tool-calls', raw: null },
    } as StreamEvent;
    let tools: FakeTools;
    const openWith = async (...more: StreamEvent[][]) => {
      tools = new FakeTools({ write: () => 'done' }, 'write');
      const provider = new ScriptedProvider([call, callEnd], ...more, [text('end'), turnEnd]);
      bed = await openRuns(store, provider, { openAgent: withTools([tools]) });
    };
    const pending = async () => {
      await until(async () => (await store.approvals.pending()).length > 0);
      return (await store.approvals.pending())[0]!;
    };

    it('waits for the first decision, whoever makes it', async () => {
      await openWith();
      const id = await bed.start();
      const approval = await pending();
      expect(approval).toMatchObject({ runId: id, callId: 'c', question: { tool: 'write' } });
      await store.approvals.decide(approval.id, 'once', 'laptop', bed.app.clock.now());
      const news = await newsOf(bed.registry, id);
      const types = news.flatMap((one) => (one.type === 'event' ? [one.event.type] : []));
      expect(types.filter((type) => /approval|tool/.test(type))).toEqual([
        ...['tool-call', 'tool-approval', 'approval-opened', 'approval-closed'],
        ...['tool-start', 'tool-end'],
      ]);
      expect(tools.calls).toHaveLength(1);
    });

    it('remembers an approval for the session, and not for others', async () => {
      await openWith([text('end'), turnEnd], [call, callEnd], [text('end'), turnEnd]);
      const first = await bed.start();
      const approval = await pending();
      await store.approvals.decide(approval.id, 'session', 'laptop', bed.app.clock.now());
      await ended(first);
      await ended(await bed.start('again'));
      expect(tools.calls).toHaveLength(approval.question.rules.length > 0 ? 2 : 1);
    });

    it('withdraws the question of a cancelled run', async () => {
      await openWith();
      const id = await bed.start();
      const approval = await pending();
      await bed.registry.cancel(id);
      await ended(id);
      expect(await store.approvals.get(approval.id)).toMatchObject({ state: 'withdrawn' });
      expect(tools.calls).toEqual([]);
    });
  });

  it('offers no tools if the settings or the request exclude them', async () => {
    const tools = new FakeTools({ read: () => 'x' });
    const provider = new ScriptedProvider([text('a'), turnEnd], [text('b'), turnEnd]);
    bed = await openRuns(store, provider, { openAgent: withTools([tools]) });
    const { registry, sessionId } = bed;
    const ask = async (more: object) => {
      const request = { id: newId(), sessionId, parts: said('q'), ...more };
      await ended((await registry.start(request)).run.id);
      return provider.requests.at(-1)?.tools.length;
    };
    expect(await ask({})).toBe(1);
    expect(await ask({ tools: 'none' })).toBe(0);
  });

  it('begins nothing for a session that does not exist', async () => {
    bed = await openRuns(store, new ScriptedProvider());
    const registry = new RunRegistry({ app: await appWith(new ScriptedProvider()), store });
    await expect(
      registry.start({ id: newId(), sessionId: newId(), parts: said('q') }),
    ).rejects.toMatchObject({ code: 'SYNAPSE_SESSION_NOT_FOUND' });
  });
});
