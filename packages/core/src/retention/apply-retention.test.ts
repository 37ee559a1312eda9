import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createMemoryStore } from '../memory-store.ts';
import { newId } from '../session/id.ts';
import { newMessage } from '../session/message.ts';
import { applyRetention, type RetentionOptions, type RetentionReport } from './apply-retention.ts';
import { hasRetentionWork } from './plan-retention.ts';
import { takeRetentionHint } from './retention-hint.ts';
import { defaultRetentionSettings, type RetentionSettings } from './retention-settings.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const today = new Date('2026-03-31T12:00:00Z');
const holder = { host: 'desk', pid: 1, bootId: 'b', processStart: '1' };

function daysAgo(days: number): Date {
  return new Date(today.getTime() - days * DAY_MS);
}

interface Sample {
  ageDays: number;
  state: 'plain' | 'pinned' | 'running' | 'leased' | 'archived' | 'trashed';
  trashedDays: number;
}

type Store = ReturnType<typeof createMemoryStore>;

async function addSample({ sessions }: Store, sample: Sample): Promise<string> {
  const { state } = sample;
  const createdAt = daysAgo(sample.ageDays);
  const isPinned = state === 'pinned';
  const { id } = await sessions.create({
    id: newId(),
    createdAt,
    pinned: isPinned,
    archived: state === 'archived',
  });
  const status = state === 'running' ? 'running' : 'complete';
  const message = newMessage({ id: newId(), role: 'assistant', parts: [], createdAt, status });
  await sessions.append(id, [message], null);
  const expiresAt = new Date(today.getTime() + 1000);
  if (state === 'leased') await sessions.acquireLease(id, { holder, now: today, expiresAt });
  if (state === 'trashed') await sessions.trash(id, daysAgo(sample.trashedDays));
  return id;
}

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
    options: RetentionOptions = { isConfirmed: false },
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

  it('moves to the trash what was inactive for too long, and says so in the audit', async () => {
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

  it('purges what lay in the trash for too long, but not what it has just put there', async () => {
    const expired = await add(200, { state: 'trashed', trashedDays: 31 });
    const waiting = await add(200, { state: 'trashed', trashedDays: 29 });
    const old = await add(100);
    expect(await run()).toMatchObject({ trashedCount: 1, purgedCount: 1 });
    expect(await store.sessions.get(expired)).toBeUndefined();
    expect(await store.sessions.get(waiting)).toBeDefined();
    expect(await store.sessions.get(old)).toBeDefined();
  });

  it('only looks in a dry run', async () => {
    const old = await add(100);
    const report = await run({}, { isConfirmed: true, isDryRun: true });
    expect(report.steps).toMatchObject([
      { action: 'trash', reason: 'inactive for more than 90 days', candidate: { sessionId: old } },
    ]);
    expect(report.trashedCount).toBe(0);
    expect(await livingIds()).toEqual([old]);
    expect(await store.retention.audit(9)).toEqual([]);
  });

  it('does what a naive reading of the rules says', async () => {
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

        let living = all.filter(({ state }) => state !== 'trashed');
        const mayGo = living
          .filter(({ state }) => state === 'plain' || state === 'archived')
          .sort((a, b) => b.ageDays - a.ageDays || (a.id < b.id ? -1 : 1));
        for (const sample of mayGo) {
          const isOld = chosen.retentionDays > 0 && sample.ageDays > chosen.retentionDays;
          const isTooMuch = chosen.maxSessions > 0 && living.length > chosen.maxSessions;
          if ((isOld || isTooMuch) && sample.ageDays > chosen.minAgeDays) {
            living = living.filter(({ id }) => id !== sample.id);
          }
        }
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
  ])('does nothing where %s is %p, and says why', async (name, value) => {
    const old = await add(1000);
    const report = await run({ [name]: value }, { isConfirmed: true });
    expect(report.skipped).toMatchObject({ reason: 'odd-setting' });
    expect(JSON.stringify(report.skipped)).toContain(name);
    expect(await livingIds()).toEqual([old]);
  });

  it('keeps everything where all limits are 0', async () => {
    await add(5000);
    const trashed = await add(5000, { state: 'trashed', trashedDays: 4000 });
    await run({ maxSessions: 0, retentionDays: 0, trashDays: 0 }, { isConfirmed: true });
    expect(await livingIds()).toHaveLength(1);
    expect(await store.sessions.get(trashed)).toBeDefined();
  });

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
    expect(await run({}, { isConfirmed: true })).toMatchObject({ trashedCount: 30 });
  });

  it('leaves the work to another process that is at it', async () => {
    await add(100);
    await store.retention.claim({ token: 'other', now, durationMs: 1000 });
    expect((await run()).skipped).toEqual({ reason: 'busy' });
    now = new Date(now.getTime() + 1000);
    expect(await run()).toMatchObject({ trashedCount: 1 });
  });

  it('lets go of its claim when it fails', async () => {
    await add(100);
    const trash = store.retention.trash.bind(store.retention);
    store.retention.trash = () => Promise.reject(new Error('disk'));
    await expect(run()).rejects.toThrow('disk');
    store.retention.trash = trash;
    expect(await run()).toMatchObject({ trashedCount: 1 });
  });

  it('stops between two batches when it is told to', async () => {
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
  });
});

describe('hasRetentionWork', () => {
  it('is true where a cleanup would do something, and once a day', async () => {
    const store = createMemoryStore();
    const settings = { ...defaultRetentionSettings, maxSessions: 2 };
    const hasWork = () => hasRetentionWork(store.retention, settings, today);
    expect(await hasWork()).toBe(true);
    await store.retention.saveMemo({ lastRunAt: today });
    await addSample(store, { ageDays: 1, state: 'plain', trashedDays: 0 });
    await addSample(store, { ageDays: 2, state: 'plain', trashedDays: 0 });
    expect(await hasWork()).toBe(false);
    const third = await addSample(store, { ageDays: 3, state: 'plain', trashedDays: 0 });
    expect(await hasWork()).toBe(true);
    await store.sessions.trash(third, daysAgo(29));
    expect(await hasWork()).toBe(false);
    await store.sessions.restore(third);
    await store.sessions.trash(third, daysAgo(31));
    expect(await hasWork()).toBe(true);
  });
});

describe('takeRetentionHint', () => {
  it('says once a week how many there are, where nothing cleans up', async () => {
    const store = createMemoryStore();
    const settings = { ...defaultRetentionSettings, maxSessions: 1, autoCleanup: false };
    const hint = (days: number, chosen = settings) =>
      takeRetentionHint(store.retention, chosen, daysAgo(-days));
    await addSample(store, { ageDays: 1, state: 'plain', trashedDays: 0 });
    expect(await hint(0)).toBeUndefined();
    await addSample(store, { ageDays: 1, state: 'pinned', trashedDays: 0 });
    expect(await hint(0, { ...settings, autoCleanup: true })).toBeUndefined();
    expect(await hint(0)).toBe(2);
    expect(await hint(6)).toBeUndefined();
    expect(await hint(8)).toBe(2);
  });
});
