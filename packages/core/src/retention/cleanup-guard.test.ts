import { beforeEach, describe, expect, it } from '@jest/globals';
import { addSample, daysAgo, today } from '@synapse/test/support/retention-samples';
import { createMemoryStore } from '../memory-store.ts';
import type { Store } from '../ports/store.ts';
import { applyRetention, type RetentionReport } from './apply-retention.ts';
import { hasRetentionWork } from './plan-retention.ts';
import { defaultRetentionSettings } from './retention-settings.ts';

describe('a cleanup that nobody has asked for', () => {
  let store: Store;
  let now: Date;
  const clock = { now: () => now };

  beforeEach(() => {
    store = createMemoryStore();
    now = today;
  });

  function run({ isConfirmed } = { isConfirmed: false }): Promise<RetentionReport> {
    return applyRetention(store.retention, clock, defaultRetentionSettings, { isConfirmed });
  }

  function add(ageDays: number): Promise<string> {
    return addSample(store, { ageDays, state: 'plain', trashedDays: 0 });
  }

  async function livingIds(): Promise<string[]> {
    const { items } = await store.sessions.list({ limit: 1000 });
    return items.map(({ id }) => id);
  }

  it('does nothing while the clock stands before what the store has seen', async () => {
    await add(100);
    await add(-2);
    expect((await run()).skipped).toEqual({ reason: 'clock-behind' });
    expect(await livingIds()).toHaveLength(2);
  });

  it('holds back for a week after time has leapt', async () => {
    const id = await add(1);
    await run();
    now = daysAgo(-3650);
    expect((await run()).skipped).toEqual({ reason: 'time-leap' });
    now = daysAgo(-3656);
    expect((await run()).skipped).toEqual({ reason: 'time-leap' });
    expect(await livingIds()).toEqual([id]);
    now = daysAgo(-3658);
    expect(await run()).toMatchObject({ trashedCount: 1 });
  });

  it('begins the week again when time leaps again', async () => {
    const id = await add(1);
    await run();
    for (const days of [3650, 3700, 3649, 5000, 100]) {
      now = daysAgo(-days);
      expect(await run()).toMatchObject({ trashedCount: 0, skipped: { reason: 'time-leap' } });
    }
    expect(await livingIds()).toEqual([id]);
  });

  it('takes a quiet month for none, since every day is noted', async () => {
    await add(60);
    for (let day = 0; day < 40; day += 1) {
      now = daysAgo(-day);
      if (await hasRetentionWork(store.retention, defaultRetentionSettings, now)) {
        expect((await run()).skipped).toBeUndefined();
      }
    }
    expect(await livingIds()).toHaveLength(0);
  });

  it('leaves a mass alone until somebody asks', async () => {
    for (let index = 0; index < 30; index += 1) await add(100);
    expect(await run()).toMatchObject({ trashedCount: 0, skipped: { reason: 'too-many' } });
    expect(await run({ isConfirmed: true })).toMatchObject({ trashedCount: 30 });
  });
});
