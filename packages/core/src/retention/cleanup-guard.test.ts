import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/storage-memory';
import { addSample, daysAgo, today } from '@synapse/test/support/retention-samples';
import fc from 'fast-check';
import type { Store } from '../ports/store.ts';
import { newMessage } from '../session/message.ts';
import { newId } from '../session/id.ts';
import { applyRetention, type RetentionReport } from './apply-retention.ts';
import { defaultRetentionSettings } from './retention-settings.ts';

describe('an automatic cleanup', () => {
  let store: Store;
  let now: Date;
  const clock = { now: () => now };

  beforeEach(() => {
    store = createMemoryStore();
    now = today;
  });

  function run(change = {}, options = {}): Promise<RetentionReport> {
    const settings = { ...defaultRetentionSettings, ...change };
    return applyRetention(store.retention, clock, settings, { isConfirmed: false, ...options });
  }

  function add(ageDays: number): Promise<string> {
    return addSample(store, { ageDays, state: 'plain', trashedDays: 0 });
  }

  /** As after cleanups on the days before, when all that is stored was there. */
  async function begin(): Promise<void> {
    const mark = await store.retention.mark();
    const [announcedAt, lastRunAt] = [daysAgo(9), daysAgo(1)];
    await store.retention.saveMemo({ announcedAt, lastRunAt, mark, markBefore: mark });
  }

  async function use(text = 'q'): Promise<string> {
    const { id } = await store.sessions.create({ id: newId(), createdAt: now });
    const parts = [{ type: 'text' as const, text }];
    const message = newMessage({ id: newId(), role: 'user', parts, createdAt: now });
    await store.sessions.append(id, [message], null);
    return id;
  }

  async function livingIds(): Promise<string[]> {
    const { items } = await store.sessions.list({ limit: 1000 });
    return items.map(({ id }) => id);
  }

  it('only announces what it would do the first time, and acts on a later day', async () => {
    const id = await add(100);
    expect(await run()).toMatchObject({
      ...{ trashedCount: 0, steps: [] },
      skipped: {
        ...{ reason: 'first', hasMore: false },
        steps: [{ action: 'trash', candidate: { sessionId: id } }],
      },
    });
    now = daysAgo(-0.9);
    expect((await run()).skipped).toEqual({ reason: 'not-due' });
    expect(await livingIds()).toEqual([id]);
    now = daysAgo(-1);
    expect(await run()).toMatchObject({ trashedCount: 1, skipped: undefined });
  });

  it('announces itself only when there is something to do and a user can read it', async () => {
    expect((await run()).skipped).toBeUndefined();
    await add(100);
    for (const days of [1, 2, 3]) {
      now = daysAgo(-days);
      expect(await run({}, { isSilent: true })).toMatchObject({ steps: [], skipped: undefined });
    }
    expect((await run()).skipped).toMatchObject({ reason: 'first' });
    now = daysAgo(-4);
    expect(await run({}, { isSilent: true })).toMatchObject({ trashedCount: 1 });
  });

  it('needs no announcement once the user has run a cleanup', async () => {
    await add(100);
    expect(await run({}, { isConfirmed: true })).toMatchObject({ trashedCount: 1 });
    await add(100);
    for (const days of [1, 2]) {
      now = daysAgo(-days);
      expect(await run()).toMatchObject({ trashedCount: 0, skipped: undefined });
    }
    now = daysAgo(-3);
    expect(await run()).toMatchObject({ trashedCount: 1 });
  });

  it('checks at most once a day, paused or not', async () => {
    await begin();
    for (let index = 0; index < 30; index += 1) await add(100);
    await begin();
    expect((await run()).skipped).toEqual({ reason: 'too-many' });
    const looks: string[] = [];
    const { retention } = store;
    const refuse = (name: string) => () => {
      looks.push(name);
      return Promise.reject(new Error(name));
    };
    const names = ['candidates', 'expiredTrash', 'activityAtRank', 'countActive', 'claim'] as const;
    const real = Object.fromEntries(names.map((name) => [name, retention[name].bind(retention)]));
    for (const name of names) Object.assign(retention, { [name]: refuse(name) });
    for (const hours of [0, 1, 23]) {
      now = daysAgo(-hours / 24);
      expect((await run()).skipped).toEqual({ reason: 'not-due' });
    }
    expect(looks).toEqual([]);
    Object.assign(retention, real);
    now = daysAgo(-1);
    expect((await run()).skipped).toEqual({ reason: 'too-many' });
  });

  it('checks once if two processes start at the same time', async () => {
    await add(100);
    await begin();
    const claim = store.retention.claim.bind(store.retention);
    store.retention.claim = async (request) => {
      store.retention.claim = claim;
      await run();
      return claim(request);
    };
    expect((await run()).skipped).toEqual({ reason: 'not-due' });
  });

  it('does nothing for a week while the clock is behind the stored messages', async () => {
    const old = await add(100);
    const ahead = await add(-2);
    await begin();
    expect((await run()).skipped).toEqual({ reason: 'clock-behind' });
    expect(await livingIds()).toHaveLength(2);
    // One wrong time that stays in the store is no reason to hold back forever, or every other week.
    for (const days of [7, 38, 39, 68]) {
      await store.retention.saveMemo({ lastRunAt: daysAgo(1 - days) });
      await addSample(store, { ageDays: -days - 500, state: 'plain', trashedDays: 0 });
      now = daysAgo(-days);
      expect((await run()).skipped).toBeUndefined();
    }
    const living = await livingIds();
    expect([living.includes(old), living.includes(ahead)]).toEqual([false, true]);
  });

  it('pauses for a week after a long gap in time', async () => {
    const id = await add(1);
    await begin();
    await run();
    now = daysAgo(-3650);
    expect((await run()).skipped).toEqual({ reason: 'time-leap' });
    now = daysAgo(-3656);
    expect((await run()).skipped).toEqual({ reason: 'time-leap' });
    expect(await livingIds()).toEqual([id]);
    now = daysAgo(-3658);
    expect(await run()).toMatchObject({ trashedCount: 1 });
  });

  it('restarts the week after another gap', async () => {
    const id = await add(1);
    await begin();
    await run();
    for (const days of [3650, 3700, 3649, 5000, 100]) {
      now = daysAgo(-days);
      expect(await run()).toMatchObject({ trashedCount: 0, skipped: { reason: 'time-leap' } });
    }
    expect(await livingIds()).toEqual([id]);
  });

  it('does not mistake a quiet month for a gap, because it records every day', async () => {
    await add(60);
    await begin();
    for (let day = 0; day < 40; day += 1) {
      now = daysAgo(-day);
      expect((await run()).skipped).toBeUndefined();
    }
    expect(await livingIds()).toHaveLength(0);
  });

  it('does not remove a large share of the sessions until the user runs a cleanup', async () => {
    for (let index = 0; index < 30; index += 1) await add(100);
    await begin();
    expect(await run()).toMatchObject({ trashedCount: 0, skipped: { reason: 'too-many' } });
    expect(await run({}, { isConfirmed: true })).toMatchObject({ trashedCount: 30 });
  });

  it('reads no candidate if too many would go, or if the clock is wrong', async () => {
    for (let index = 0; index < 30; index += 1) await add(100);
    await begin();
    store.retention.candidates = () => Promise.reject(new Error('read'));
    expect((await run()).skipped).toEqual({ reason: 'too-many' });
    now = daysAgo(-300);
    expect((await run()).skipped).toEqual({ reason: 'time-leap' });
  });

  describe('with the sessions of the last day', () => {
    const tight = { maxSessions: 1, retentionDays: 1 };

    it.each([
      ['ahead by two days', 2],
      ['ahead by two weeks', 14],
      ['ahead by years', 3000],
    ])('removes none when the clock jumps %s', async (_, days) => {
      await begin();
      const ids = [];
      for (let index = 0; index < 10; index += 1) {
        ids.push(await use());
        await run(tight);
        now = new Date(now.getTime() + 3_600_000);
      }
      now = new Date(now.getTime() + days * 86_400_000);
      ids.push(await use());
      await run(tight);
      expect((await livingIds()).sort()).toEqual(ids.sort());
    });

    it('removes none that were created while the clock was behind, once it is right again', async () => {
      await begin();
      const right = now;
      const ids = [await use()];
      for (const days of [0.5, 9, 20_000]) {
        now = new Date(right.getTime() - days * 86_400_000);
        ids.push(await use());
        await run(tight);
      }
      for (const hours of [0, 1, 20]) {
        now = new Date(right.getTime() + hours * 3_600_000);
        await run(tight);
        expect((await livingIds()).sort()).toEqual(ids.sort());
      }
    });

    it('removes none, wherever a clock jumps once, and whatever the limits are', async () => {
      const jump = fc.record({
        afterHours: fc.nat(47),
        byHours: fc.integer({ min: -700, max: 700 }),
      });
      const limits = fc.record({
        maxSessions: fc.integer({ min: 0, max: 3 }),
        retentionDays: fc.integer({ min: 0, max: 3 }),
      });
      await fc.assert(
        fc.asyncProperty(
          jump,
          limits,
          fc.array(fc.boolean(), { minLength: 72, maxLength: 72 }),
          async ({ afterHours, byHours }, chosen, uses) => {
            store = createMemoryStore();
            const start = today.getTime();
            await store.retention.saveMemo({ announcedAt: daysAgo(9), mark: 0, markBefore: 0 });
            const used = new Map<string, number>();
            for (const [hour, isUse] of uses.entries()) {
              now = new Date(start + (hour + (hour >= afterHours ? byHours : 0)) * 3_600_000);
              if (isUse) used.set(await use(), hour);
              await run(chosen);
              const living = new Set(await livingIds());
              for (const [id, usedAt] of used) {
                if (hour - usedAt < 24) expect(living.has(id)).toBe(true);
              }
            }
          },
        ),
        { numRuns: 30 },
      );
    });
  });
});
