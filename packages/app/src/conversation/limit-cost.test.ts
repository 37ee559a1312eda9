import { describe, expect, it } from '@jest/globals';
import { loadSettings } from '@synapse/config';
import { newId, type NewMessage, type Store, type TurnEnd } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { turnEnd } from '@synapse/test/fakes/scripted-provider';
import { modelRequest } from '@synapse/test/support/model-request';
import { aMessage, anAnswer, aSession } from '@synapse/test/support/samples';
import { limitCost, type RunSpending } from './limit-cost.ts';

const setup = { name: 'openai', model: 'dear' };
const price = {
  ...{ inputPerMillion: 1000, outputPerMillion: 1000 },
  ...{ cacheReadPerMillion: 0, cacheWritePerMillion: 0 },
};
const dollar = 1e9;
const tooExpensive = { code: 'SYNAPSE_LIMIT_REACHED' };

/** A limit in US dollars, where a thousand tokens cost one. */
async function limited(
  limits: Record<string, string>,
  {
    store = createMemoryStore(),
    sessionId,
    run = { nanoUsd: 0 },
    clock = new FakeClock(),
  }: { store?: Store; sessionId?: string; run?: RunSpending; clock?: FakeClock } = {},
) {
  const { settings } = await loadSettings({ environment: { HOME: '/nowhere' }, flags: limits });
  const prices = { dear: { input: 1000, output: 1000, cache_read: 100 } };
  const app = { settings: { ...settings, prices } as typeof settings, clock };
  const id = sessionId ?? (await store.sessions.create(aSession())).id;
  return limitCost(app, store, { session: { id }, setup, run });
}

const words = (count: number) => ({ type: 'text-delta' as const, text: ' word'.repeat(count) });

describe('limitCost', () => {
  it('counts the earlier cost of the run, the session and the day', async () => {
    const run = await limited({ 'limits.max_cost_run': '2' }, { run: { nanoUsd: 1.5 * dollar } });
    expect(() => run.check()).not.toThrow();
    expect(() => run.checkSpent({ costNanoUsd: 0.6 * dollar })).toThrow('for this run');

    const store = createMemoryStore();
    const { id } = await store.sessions.create({ id: newId(), createdAt: new FakeClock().now() });
    const answer = anAnswer('a', {
      createdAt: new FakeClock().now(),
      cost: { nanoUsd: 3 * dollar, price },
    });
    const yesterday = { ...answer, id: newId(), createdAt: new Date('2025-12-31T23:59:59Z') };
    await store.sessions.append(id, [yesterday], null);
    const free = await limited({ 'limits.max_cost_day': '2' }, { store });
    expect(() => free.check()).not.toThrow();
    await store.sessions.append(id, [answer], null);
    const day = await limited({ 'limits.max_cost_day': '2' }, { store });
    expect(() => day.check()).toThrow('for today (UTC)');
    const session = await limited({ 'limits.max_cost_session': '5' }, { store, sessionId: id });
    expect(() => session.check()).toThrow('for this session');
    const other = await limited({ 'limits.max_cost_session': '5' }, { store });
    expect(() => other.check()).not.toThrow();
  });

  it('stays reached when messages are removed, and ignores imported answers', async () => {
    const cost = { nanoUsd: 3 * dollar, price };
    const answer = anAnswer('a', { createdAt: new FakeClock().now(), cost });
    const limits = [{ 'limits.max_cost_session': '2' }, { 'limits.max_cost_day': '2' }];
    for (const limit of limits) {
      const store = createMemoryStore();
      const { id } = await store.sessions.create(aSession());
      await store.sessions.append(id, [aMessage('q'), answer], null);
      await store.sessions.undoTurn(id, null);
      await store.sessions.purge([id]);
      await store.sessions.create(aSession({ id }));
      const reached = await limited(limit, { store, sessionId: id });
      expect(() => reached.check()).toThrow('is reached');

      const other = createMemoryStore();
      await other.sessions.create(aSession({ id }));
      const entries = await store.transfer.ledger({ after: null, limit: 9 });
      await other.transfer.addLedger(entries.map((entry) => ({ ...entry, origin: 'import' })));
      const free = await limited(limit, { store: other, sessionId: id });
      expect(() => free.check()).not.toThrow();
    }
  });

  it('stops an answer that becomes too expensive, and sends no request that would be', async () => {
    const limit = await limited({ 'limits.max_cost_run': '1' });
    limit.watch(words(900));
    expect(limit.signal.aborted).toBe(false);
    limit.watch(words(200));
    expect(limit.signal.reason).toMatchObject(tooExpensive);
    const parts = [{ type: 'text' as const, text: ' word'.repeat(1100) }];
    const request = modelRequest({ messages: [{ role: 'user', parts }] });
    const other = await limited({ 'limits.max_cost_run': '1' });
    expect(() => other.checkRequest(request)).toThrow('for this run');
  });

  it('replaces its estimate with the count of the provider during an answer', async () => {
    const { usage } = turnEnd as TurnEnd;
    const limit = await limited({ 'limits.max_cost_run': '1' });
    const counted = { ...usage!, inputTokens: 1500, cacheReadTokens: 1000, outputTokens: 100 };
    limit.watch({ type: 'usage', usage: counted });
    limit.watch(words(10));
    expect(limit.signal.aborted).toBe(false);
    limit.watch({ type: 'usage', usage: { ...counted, outputTokens: 500 } });
    expect(limit.signal.aborted).toBe(false);
    limit.watch(words(1));
    expect(limit.signal.reason).toMatchObject(tooExpensive);
  });

  it('adds requests beside a turn to the cost of the turn', async () => {
    const limit = await limited({ 'limits.max_cost_run': '2' });
    limit.watch(words(900));
    limit.check();
    limit.add(0.5 * dollar);
    limit.watch(words(700));
    expect(limit.signal.reason).toMatchObject(tooExpensive);
  });

  it('adds one turn to the next', async () => {
    const limit = await limited({ 'limits.max_cost_run': '2' });
    limit.settle(1.5 * dollar);
    expect(() => limit.checkSpent({ costNanoUsd: 0.4 * dollar })).not.toThrow();
    expect(() => limit.checkSpent({ costNanoUsd: 0.6 * dollar })).toThrow('for this run');
  });

  it('counts each cost for the run, so that the next limit of the run begins there', async () => {
    const run = { nanoUsd: 0 };
    const first = await limited({ 'limits.max_cost_run': '2' }, { run });
    first.settle(1 * dollar);
    first.add(0.5 * dollar);
    expect(run.nanoUsd).toBe(1.5 * dollar);
    const second = await limited({ 'limits.max_cost_run': '2' }, { run });
    expect(() => second.checkSpent({ costNanoUsd: 0.6 * dollar })).toThrow('for this run');
  });

  describe('with most of a request in the cache of the provider', () => {
    const clock = new FakeClock();
    const parts = [{ type: 'text' as const, text: ' word'.repeat(1100) }];
    const request = modelRequest({ messages: [{ role: 'user', parts }] });
    const usage = {
      ...{ inputTokens: 1000, outputTokens: 10, cacheReadTokens: 900 },
      ...{ cacheWriteTokens: 0, reasoningTokens: 0, estimated: false },
    };
    const end: TurnEnd = { ...(turnEnd as TurnEnd), usage };
    const limits = { 'limits.max_cost_run': '1' };
    const minutesAgo = (minutes: number) => new Date(clock.now().getTime() - minutes * 60_000);

    /** A limit in a session whose last answer is this. */
    async function after(answer: Partial<NewMessage>) {
      const store = createMemoryStore();
      const { id } = await store.sessions.create(aSession());
      const last = { provider: 'openai', model: 'dear', usage, createdAt: minutesAgo(4) };
      await store.sessions.append(id, [anAnswer('a', { ...last, ...answer })], null);
      return limited(limits, { store, sessionId: id, clock });
    }

    it('prices the request by the cached share of the last answer', async () => {
      const limit = await after({});
      expect(() => limit.checkRequest(request)).not.toThrow();
      limit.watch(words(1100));
      expect(limit.signal.reason).toMatchObject(tooExpensive);
    });

    it.each([
      ['is older than five minutes', { createdAt: minutesAgo(6) }],
      ['is by another model', { model: 'other' }],
      ['is by another provider', { provider: 'other' }],
      ['has figures that are estimated', { usage: { ...usage, estimated: true } }],
    ])('counts the whole request as uncached when the last answer %s', async (_, answer) => {
      const limit = await after(answer);
      expect(() => limit.checkRequest(request)).toThrow('for this run');
    });

    it('uses the newest answer of the running turn', async () => {
      const limit = await limited(limits, { clock });
      limit.watch(end);
      expect(() => limit.checkRequest(request)).not.toThrow();
      limit.watch({ ...end, provider: 'openai', usage: { ...usage, cacheReadTokens: 0 } });
      expect(() => limit.checkRequest(request)).toThrow('for this run');
      limit.watch({ ...end, provider: 'fallback' });
      expect(() => limit.checkRequest(request)).toThrow('for this run');
    });
  });

  it('rejects a limit that it could not enforce', async () => {
    const { settings } = await loadSettings({
      environment: { HOME: '/nowhere' },
      flags: { 'limits.max_cost_run': '1' },
    });
    const talk = { session: { id: newId() }, setup: { name: 'x', model: 'unheard-of' } };
    const refused = limitCost({ settings, clock: new FakeClock() }, createMemoryStore(), talk);
    await expect(refused).rejects.toMatchObject({ code: 'SYNAPSE_CONFIG' });
  });
});
