import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/storage-memory';
import { addSample, daysAgo, today } from '@synapse/test/support/retention-samples';
import type { Store } from '../ports/store.ts';
import { findOverLimit, planRetention } from './plan-retention.ts';
import { defaultRetentionSettings } from './retention-settings.ts';

describe('planRetention', () => {
  let store: Store;
  let calls: string[];

  beforeEach(() => {
    store = createMemoryStore();
    calls = [];
    const { retention } = store;
    const candidates = retention.candidates.bind(retention);
    const activityAtRank = retention.activityAtRank.bind(retention);
    const countActive = retention.countActive.bind(retention);
    Object.assign(store.retention, {
      candidates: (query: Parameters<typeof candidates>[0]) => {
        calls.push(`candidates ${query.limit}`);
        return candidates(query);
      },
      activityAtRank: (rank: number) => {
        calls.push(`rank ${rank}`);
        return activityAtRank(rank);
      },
      countActive: (range: Parameters<typeof countActive>[0], limit: number) => {
        calls.push(`count ${limit}`);
        return countActive(range, limit);
      },
    });
  });

  const plan = (change = {}) =>
    planRetention(store.retention, { ...defaultRetentionSettings, ...change }, today);

  async function add(count: number, ageDays: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      await addSample(store, { ageDays, state: 'plain', trashedDays: 0 });
    }
  }

  it('needs two lookups to find that there is nothing to do', async () => {
    await add(50, 2);
    const { hasWork } = await plan();
    expect(await hasWork()).toBe(false);
    expect(calls).toEqual(['rank 100', 'count 1']);
  });

  it('reads no more than a batch', async () => {
    await add(50, 100);
    const { nextSteps } = await plan();
    expect(await nextSteps(7)).toHaveLength(7);
    expect(calls).toEqual(['rank 100', 'candidates 7']);
  });

  it.each([
    { going: 20, staying: 0, isMass: false },
    { going: 21, staying: 0, isMass: true },
    { going: 30, staying: 29, isMass: true },
    { going: 30, staying: 30, isMass: false },
  ])(
    'treats removing $going of $staying remaining sessions as too many: $isMass',
    async (given) => {
      await add(given.going, 100);
      await add(given.staying, 2);
      expect(await (await plan({ maxSessions: 0 })).isMass()).toBe(given.isMass);
      // Not all of those that go are counted, but one more than those that stay.
      expect(calls.filter((call) => call.startsWith('count')).at(-1)).toBe(
        given.going > 20 ? `count ${given.staying + 1}` : 'count 21',
      );
    },
  );
});

describe('findOverLimit', () => {
  it('returns the given sessions that the limits do not keep', async () => {
    const store = createMemoryStore();
    const ids = [];
    for (const state of ['plain', 'pinned', 'archived', 'trashed'] as const) {
      ids.push(await addSample(store, { ageDays: 100, state, trashedDays: 1 }));
    }
    const young = await addSample(store, { ageDays: 89, state: 'plain', trashedDays: 0 });
    const found = await Promise.all([...ids, young].map((id) => store.sessions.get(id)));
    const sessions = found.flatMap((session) => session ?? []);
    const over = (change = {}) =>
      findOverLimit(
        store.retention,
        { ...defaultRetentionSettings, ...change },
        daysAgo(0),
        sessions,
      );
    expect((await over()).map(({ id }) => id)).toEqual([ids[0]]);
    expect(await over({ retentionDays: 0 })).toEqual([]);
    expect(await over({ retentionDays: -1 })).toEqual([]);
  });
});
