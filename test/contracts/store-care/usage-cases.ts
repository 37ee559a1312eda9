import { expect } from '@jest/globals';
import { newId, type NewMessage, type Store, type Usage } from '@synapse/core';
import type { Cost } from '@synapse/core/store-kit';
import { aContext, aSession, aTitle, anAnswer, at } from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

const usage: Usage = {
  inputTokens: 10,
  outputTokens: 5,
  cacheReadTokens: 4,
  cacheWriteTokens: 3,
  reasoningTokens: 2,
  estimated: false,
};
const price = {
  inputPerMillion: 1,
  outputPerMillion: 1,
  cacheReadPerMillion: 1,
  cacheWritePerMillion: 1,
};
const cost = (nanoUsd: number): Cost => ({ nanoUsd, price });
const DAY = 24 * 60 * 60;

async function store(
  { sessions }: Store,
  answers: readonly Partial<NewMessage>[],
  session = {},
): Promise<string> {
  const { id } = await sessions.create(aSession(session));
  const messages = answers.map((answer) => anAnswer('x', answer));
  await sessions.append(id, messages, null);
  return id;
}

export const usageCases: ContractCases<Store> = {
  'reports nothing for an empty store': async (cared) => {
    for (const by of ['day', 'model', 'provider', 'session', 'tag', 'origin'] as const) {
      expect(await cared.usage.usage({ by })).toEqual([]);
    }
  },

  'sums up sessions by the model they last went on with, in the trash or not': async (cared) => {
    const { sessions, usage: totals } = cared;
    expect(await totals.sessionTotals()).toEqual([]);
    const model = { provider: 'p', model: 'm' };
    const paid = { usage, cost: cost(7_000_000_000_001) };
    await store(cared, [paid, { usage, cost: null }], { ...model, pinned: true });
    await store(cared, [paid], { ...model, pinned: true, archived: true });
    await sessions.trash(await store(cared, [paid], { ...model, pinned: true }), at(1));
    await sessions.purge([await store(cared, [paid], model)]);
    await store(cared, [], { provider: 'p' });
    const found = await totals.sessionTotals();
    expect(found.sort((a, b) => b.messageCount - a.messageCount)).toEqual([
      {
        ...{ ...model, livingCount: 2, archivedCount: 1, pinnedCount: 2, trashedCount: 1 },
        ...{ messageCount: 4, turnCount: 0 },
      },
      {
        ...{ provider: 'p', model: null, livingCount: 1, archivedCount: 0, pinnedCount: 0 },
        ...{ trashedCount: 0, messageCount: 0, turnCount: 0 },
      },
    ]);
  },

  'sums tokens, costs and ends, and says what has no price': async (cared) => {
    await store(cared, [
      { usage, cost: cost(7_000_000_000_001) },
      { usage, cost: cost(2) },
      { usage, cost: null },
      { status: 'failed' },
      { status: 'interrupted', usage, cost: cost(1) },
    ]);
    expect(await cared.usage.usage({ by: 'provider' })).toEqual([
      {
        ...{ key: 'demo', answerCount: 5, failedCount: 1, interruptedCount: 1 },
        ...{ inputTokens: 40, outputTokens: 20, cacheReadTokens: 16, cacheWriteTokens: 12 },
        ...{ reasoningTokens: 8, costNanoUsd: 7_000_000_000_004, unpricedCount: 1 },
        ...{ latencyMs: null, timeToFirstTokenMs: null },
      },
    ]);
  },

  'counts what a model was asked for on the side, and no other note': async (cared) => {
    const { id } = await cared.sessions.create(aSession());
    const paid = { provider: 'demo', model: 'echo', usage, cost: cost(3) };
    await cared.sessions.append(id, [aContext({ summary: 'x' }, paid), aTitle('x', paid)], null);
    await cared.sessions.append(id, [aContext({ leftOutSeq: 1 })], null);
    expect(await cared.usage.usage({ by: 'model' })).toMatchObject([
      { key: 'demo/echo', answerCount: 2, inputTokens: 20, costNanoUsd: 6 },
    ]);
  },

  'reports percentiles by nearest rank': async (cared) => {
    const measured = Array.from({ length: 150 }, (_value, index) => ({
      latencyMs: ((index * 67) % 150) + 1,
      timeToFirstTokenMs: index === 3 ? 0.5 : null,
    }));
    await store(cared, [...measured, { latencyMs: null }]);
    const [group] = await cared.usage.usage({ by: 'model' });
    expect(group).toMatchObject({
      key: 'demo/echo',
      latencyMs: { mean: 75.5, p95: 143, p99: 149 },
      timeToFirstTokenMs: { mean: 0.5, p95: 0.5, p99: 0.5 },
    });
  },

  'groups by day in rising order, by session, and by tag with an answer in each': async (cared) => {
    const id = await store(
      cared,
      [
        { createdAt: at(DAY), cost: cost(5), usage },
        { createdAt: at(0), cost: cost(1), usage },
      ],
      { tags: ['a', 'ü'] },
    );
    const other = await store(cared, [{ createdAt: at(DAY), cost: cost(9), usage }]);
    await cared.sessions.trash(other, at(DAY));
    const keys = async (by: 'day' | 'session' | 'tag') =>
      (await cared.usage.usage({ by })).map(({ key, costNanoUsd }) => [key, costNanoUsd]);
    expect(await keys('day')).toEqual([
      ['2026-03-01', 1],
      ['2026-03-02', 14],
    ]);
    expect(await keys('session')).toEqual([
      [other, 9],
      [id, 6],
    ]);
    expect(await keys('tag')).toEqual([
      [null, 9],
      ['a', 6],
      ['ü', 6],
    ]);
  },

  'groups a purged session by its id, and by no tag': async (cared) => {
    const id = await store(cared, [{ cost: cost(5), usage }], { tags: ['a'] });
    await cared.sessions.purge([id]);
    const found = { answerCount: 1, costNanoUsd: 5 };
    expect(await cared.usage.usage({ by: 'session' })).toMatchObject([{ key: id, ...found }]);
    expect(await cared.usage.usage({ by: 'tag' })).toMatchObject([{ key: null, ...found }]);
  },

  'goes by the tags that a session has now': async (cared) => {
    const id = await store(cared, [{ cost: cost(5), usage }], { tags: ['a'] });
    await cared.sessions.update(id, { addTags: ['b'], removeTags: ['a'] });
    expect(await cared.usage.usage({ by: 'tag' })).toMatchObject([{ key: 'b', answerCount: 1 }]);
  },

  'counts what was spent here, unless it is asked for another origin': async (cared) => {
    const id = await store(cared, [{ cost: cost(5), usage }]);
    const [own] = await cared.transfer.ledger({ after: null, limit: 1 });
    await cared.transfer.addLedger([
      { ...own!, id: newId(), origin: 'import', cost: cost(20) },
      { ...own!, id: newId(), origin: 'other', cost: cost(300) },
    ]);
    const spent = async (origin?: string) =>
      (await cared.usage.usage({ by: 'session', origin })).map(({ costNanoUsd }) => costNanoUsd);
    expect(await spent()).toEqual([5]);
    expect(await spent('import')).toEqual([20]);
    expect(await spent('unheard-of')).toEqual([]);
    expect(await spent('any')).toEqual([325]);
    expect(await cared.sessions.get(id)).toMatchObject({ costNanoUsd: 325 });
  },

  'counts imported calls by the tool of their session': async (cared) => {
    const codex = await store(cared, [{ cost: cost(5), usage }], { origin: 'codex' });
    const llm = await store(cared, [], { origin: 'llm' });
    const purged = await store(cared, [], { origin: 'codex' });
    const [own] = await cared.transfer.ledger({ after: null, limit: 1 });
    const calls = [
      [codex, 'import', 20],
      [llm, 'import', 300],
      [purged, 'import', 4000],
      [codex, 'other', 50_000],
    ] as const;
    await cared.transfer.addLedger(
      calls.map(([sessionId, origin, price]) => ({
        ...{ ...own!, id: newId(), sessionId, origin, cost: cost(price) },
      })),
    );
    await cared.sessions.purge([purged]);
    const shares = async (origin?: string) =>
      (await cared.usage.usage({ by: 'origin', origin })).map(({ key, costNanoUsd }) => [
        ...[key, costNanoUsd],
      ]);
    expect(await shares('any')).toEqual([
      ...[
        ['other', 50_000],
        ['import', 4000],
        ['llm', 300],
        ['codex', 20],
      ],
      [null, 5],
    ]);
    expect(await shares('import')).toEqual([
      ['import', 4000],
      ['llm', 300],
      ['codex', 20],
    ]);
    expect(await shares('codex')).toEqual([['codex', 20]]);
    expect(await shares()).toEqual([[null, 5]]);
    const query = { by: 'session' as const, origin: 'codex' };
    expect(await cared.usage.usage(query)).toMatchObject([{ key: codex, costNanoUsd: 20 }]);
    expect(await cared.usage.usage({ ...query, by: 'tag' })).toMatchObject([{ key: null }]);
  },

  'counts the calls for one session': async (cared) => {
    const id = await store(cared, [{ createdAt: at(0) }, { createdAt: at(9) }]);
    await store(cared, [{ createdAt: at(9) }]);
    const query = { by: 'model' as const, sessionId: id };
    expect(await cared.usage.usage(query)).toMatchObject([{ answerCount: 2 }]);
    expect(await cared.usage.usage({ ...query, since: at(5) })).toMatchObject([{ answerCount: 1 }]);
    expect(await cared.usage.usage({ ...query, sessionId: newId() })).toEqual([]);
  },

  'counts from a moment, and up to one': async (cared) => {
    await store(cared, [{ createdAt: at(0) }, { createdAt: at(10) }, { createdAt: at(20) }]);
    const count = async (range: { since?: Date; before?: Date }) =>
      (await cared.usage.usage({ by: 'provider', ...range }))[0]?.answerCount;
    expect(await count({ since: at(10) })).toBe(2);
    expect(await count({ before: at(10) })).toBe(1);
    expect(await count({ since: at(30) })).toBeUndefined();
  },

  'leaves out questions, and says of an answer of nobody that it is': async (cared) => {
    await store(cared, [{ role: 'user' }, { role: 'tool' }, { provider: null, model: null }]);
    for (const by of ['provider', 'model'] as const) {
      expect(await cared.usage.usage({ by })).toMatchObject([{ key: null, answerCount: 1 }]);
    }
  },
};
