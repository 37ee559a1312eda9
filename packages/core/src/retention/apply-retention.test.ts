import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/storage-memory';
import { addSample, daysAgo, today, type Sample } from '@synapse/test/support/retention-samples';
import fc from 'fast-check';
import type { Store } from '../ports/store.ts';
import { applyRetention, type RetentionOptions, type RetentionReport } from './apply-retention.ts';
import { defaultRetentionSettings, type RetentionSettings } from './retention-settings.ts';

describe('applyRetention', () => {
  let store: Store;
  let now: Date;
  const clock = { now: () => now };

  beforeEach(() => {
    store = createMemoryStore();
    now = today;
  });

  function run(
    settings: Partial<RetentionSettings> = {},
    options: RetentionOptions = { isConfirmed: true },
  ): Promise<RetentionReport> {
    const all = { ...defaultRetentionSettings, ...settings };
    return applyRetention(store.retention, clock, all, options);
  }

  function add(ageDays: number, sample: Partial<Sample> = {}): Promise<string> {
    return addSample(store, { ageDays, state: 'plain', trashedDays: 0, ...sample });
  }

  async function livingIds(): Promise<string[]> {
    const { items } = await store.sessions.list({ limit: 1000, archived: 'any' });
    return items.map(({ id }) => id).sort();
  }

  it('moves sessions that were inactive for too long to the trash, and records it in the audit', async () => {
    const old = await add(91);
    const young = await add(89);
    const report = await run();
    expect(report).toMatchObject({ trashedCount: 1, purgedCount: 0, skipped: undefined });
    expect(await livingIds()).toEqual([young]);
    expect((await store.sessions.get(old))?.deletedAt).toEqual(today);
    expect(await store.retention.audit(9)).toEqual([
      {
        action: 'trash',
        sessionId: old,
        title: null,
        at: today,
        reason: 'inactive for more than 90 days',
      },
    ]);
  });

  it('purges sessions that were in the trash for too long, but not those it has just moved there', async () => {
    const expired = await add(200, { state: 'trashed', trashedDays: 31 });
    const waiting = await add(200, { state: 'trashed', trashedDays: 29 });
    const old = await add(100);
    expect(await run()).toMatchObject({ trashedCount: 1, purgedCount: 1 });
    expect(await store.sessions.get(expired)).toBeUndefined();
    expect(await store.sessions.get(waiting)).toBeDefined();
    expect(await store.sessions.get(old)).toBeDefined();
  });

  it('changes nothing in a dry run', async () => {
    const old = await add(100);
    const report = await run({}, { isConfirmed: true, isDryRun: true });
    expect(report.steps).toMatchObject([
      { action: 'trash', reason: 'inactive for more than 90 days', candidate: { sessionId: old } },
    ]);
    expect(report.trashedCount).toBe(0);
    expect(await livingIds()).toEqual([old]);
    expect(await store.retention.audit(9)).toEqual([]);
  });

  it('does the same as a naive implementation of the rules', async () => {
    const samples = fc.array(
      fc.record({
        ageDays: fc.integer({ min: 0, max: 40 }),
        state: fc.constantFrom<Sample['state'][]>(
          ...(['plain', 'plain', 'plain', 'pinned', 'running', 'leased'] as const),
          ...(['archived', 'trashed'] as const),
        ),
        trashedDays: fc.integer({ min: 0, max: 20 }),
      }),
      { maxLength: 30 },
    );
    const limit = fc.integer({ min: 0, max: 20 });
    const settings = fc.record({
      maxSessions: limit,
      retentionDays: limit,
      minAgeDays: limit,
      trashDays: limit,
      autoCleanup: fc.constant(true),
    });
    await fc.assert(
      fc.asyncProperty(samples, settings, async (given, chosen) => {
        store = createMemoryStore();
        const all: (Sample & { id: string })[] = [];
        for (const sample of given) all.push({ ...sample, id: await addSample(store, sample) });
        const report = await run(chosen, { isConfirmed: true });

        const counting = all
          .filter(({ state }) => ['plain', 'running', 'leased'].includes(state))
          .sort((a, b) => a.ageDays - b.ageDays);
        const lastKept = chosen.maxSessions > 0 ? counting[chosen.maxSessions - 1] : undefined;
        const goes = ({ state, ageDays }: Sample) =>
          state === 'plain' &&
          ageDays > Math.max(chosen.minAgeDays, 1) &&
          ((chosen.retentionDays > 0 && ageDays > chosen.retentionDays) ||
            (lastKept !== undefined && ageDays > lastKept.ageDays));
        const living = all.filter((sample) => sample.state !== 'trashed' && !goes(sample));
        expect(await livingIds()).toEqual(living.map(({ id }) => id).sort());
        for (const { id, state, trashedDays } of all) {
          const isPurged =
            state === 'trashed' && chosen.trashDays > 0 && trashedDays > chosen.trashDays;
          expect((await store.sessions.get(id)) === undefined).toBe(isPurged);
        }
        const audited = await store.retention.audit(1000);
        expect(audited).toHaveLength(report.trashedCount + report.purgedCount);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['maxSessions', -1],
    ['maxSessions', 1e99],
    ['retentionDays', Number.NaN],
    ['retentionDays', 0.5],
    ['retentionDays', '90'],
    ['minAgeDays', null],
    ['trashDays', undefined],
    ['trashDays', 1e9],
    ['autoCleanup', 'yes'],
  ])('does nothing if %s is %p, and reports why', async (name, value) => {
    const old = await add(1000);
    const report = await run({ [name]: value }, { isConfirmed: true });
    expect(report.skipped).toMatchObject({ reason: 'odd-setting' });
    expect(JSON.stringify(report.skipped)).toContain(name);
    expect(await livingIds()).toEqual([old]);
  });

  it('neither counts nor removes pinned or archived sessions', async () => {
    for (const state of ['pinned', 'pinned', 'pinned', 'archived', 'archived'] as const) {
      await add(200, { state });
    }
    await add(3);
    expect(await run({ maxSessions: 1 })).toMatchObject({ steps: [] });
    expect(await livingIds()).toHaveLength(6);
    const older = await add(4);
    const { steps } = await run({ maxSessions: 1 });
    expect(steps).toMatchObject([
      { candidate: { sessionId: older }, reason: 'more than 1 sessions' },
    ]);
  });

  it('removes no session of the last day, whatever the limits are', async () => {
    for (let hours = 0; hours < 10; hours += 1) await add(hours / 24);
    expect(await run({ maxSessions: 1, retentionDays: 1 })).toMatchObject({ steps: [] });
    expect(await livingIds()).toHaveLength(10);
  });

  it('does not remove another session instead of an open one', async () => {
    const young = await add(2);
    const leased = await add(3, { state: 'leased' });
    expect(await run({ maxSessions: 1 })).toMatchObject({ steps: [] });
    expect(await livingIds()).toEqual([young, leased].sort());
  });

  it('keeps restored sessions, which count as used when restored', async () => {
    const id = await add(200);
    expect(await run()).toMatchObject({ trashedCount: 1 });
    await store.sessions.restore(id, now);
    for (const days of [0, 1, 89]) {
      now = daysAgo(-days);
      expect(await run({ maxSessions: 1 })).toMatchObject({ steps: [] });
    }
    expect((await store.sessions.get(id))?.pinned).toBe(false);
    now = daysAgo(-91);
    expect(await run()).toMatchObject({ trashedCount: 1 });
  });

  it('plans a cleanup in batches', async () => {
    for (let index = 0; index < 450; index += 1) await add(100);
    const limits: number[] = [];
    const candidates = store.retention.candidates.bind(store.retention);
    store.retention.candidates = (query) => {
      limits.push(query.limit);
      return candidates(query);
    };
    expect(await run()).toMatchObject({ trashedCount: 450 });
    expect(new Set(limits)).toEqual(new Set([200]));
  });

  it('keeps everything if all limits are 0', async () => {
    await add(5000);
    const trashed = await add(5000, { state: 'trashed', trashedDays: 4000 });
    await run({ maxSessions: 0, retentionDays: 0, trashDays: 0 }, { isConfirmed: true });
    expect(await livingIds()).toHaveLength(1);
    expect(await store.sessions.get(trashed)).toBeDefined();
  });

  it('does nothing while another process cleans up', async () => {
    await add(100);
    await store.retention.claim({ token: 'other', now, durationMs: 1000 });
    expect((await run()).skipped).toEqual({ reason: 'busy' });
    now = new Date(now.getTime() + 1000);
    expect(await run()).toMatchObject({ trashedCount: 1, skipped: undefined });
  });

  it('releases its claim when it fails', async () => {
    await add(100);
    const trash = store.retention.trash.bind(store.retention);
    store.retention.trash = () => Promise.reject(new Error('disk'));
    await expect(run()).rejects.toThrow('disk');
    store.retention.trash = trash;
    expect(await run()).toMatchObject({ trashedCount: 1 });
  });

  it('stops after a batch when it is aborted', async () => {
    for (let index = 0; index < 201; index += 1) await add(100);
    const controller = new AbortController();
    const trash = store.retention.trash.bind(store.retention);
    store.retention.trash = (candidates, note) => {
      controller.abort();
      return trash(candidates, note);
    };
    const report = await run({}, { isConfirmed: true, signal: controller.signal });
    expect(report.trashedCount).toBe(200);
    expect(await livingIds()).toHaveLength(1);
    expect((await store.retention.memo()).nextLookAt).toBeNull();
  });
});
