import { randomUUID } from 'node:crypto';
import type { Clock } from '../ports/clock.ts';
import type { RetentionMemo, RetentionStore } from '../ports/retention-store.ts';
import {
  findClockDoubt,
  heldSinceAfter,
  isCheckDue,
  nextCheckAfter,
  type HoldReason,
} from './cleanup-guard.ts';
import { planRetention, type RetentionPlan } from './plan-retention.ts';
import { findInvalidSetting, type RetentionSettings } from './retention-settings.ts';
import { inBatches, MAX_SESSIONS } from './in-batches.ts';
import type { RetentionStep } from './plan-retention.ts';

const CLAIM_MS = 10 * 60 * 1000;
// More than any store holds, small enough for every database.
const ALL = 1_000_000;

export interface RetentionOptions {
  /** Whether the user asked for it and knows which sessions will be removed; see cleanup-guard. */
  isConfirmed: boolean;
  /** Only looks: the report contains the steps that a cleanup would take. */
  isDryRun?: boolean | undefined;
  /** Whether nobody would see an announcement: a first cleanup then waits until somebody can. */
  isSilent?: boolean | undefined;
  /** When aborted, stops after the next batch; the report contains the sessions moved so far. */
  signal?: AbortSignal | undefined;
}

export interface RetentionReport {
  /** The steps that were taken, or would be, in order. */
  steps: RetentionStep[];
  trashedCount: number;
  purgedCount: number;
  /** Why nothing was done. With a dry run, why an automatic cleanup would do nothing. */
  skipped: SkipReason | undefined;
}

export type SkipReason =
  | { reason: HoldReason }
  /** It has looked within the last day. */
  | { reason: 'not-due' }
  /** The first cleanup that has something to do only says so. `steps` are what it would begin with. */
  | { reason: 'first'; steps: RetentionStep[]; hasMore: boolean }
  /** Another process is at it. */
  | { reason: 'busy' }
  /** `detail` says which setting, and what is wrong with it. */
  | { reason: 'odd-setting'; detail: string };

/**
 * Moves to the trash the sessions that the settings no longer keep, and purges those that have been
 * there long enough. It works from the oldest on, in transactions so small that no other process
 * has to wait, with a line in the audit for each session. Only one process at a time does this, and
 * nothing happens if the settings are odd or the clock is implausible. An automatic cleanup looks
 * once a day, and only announces its first work. It spares sessions with messages stored since the
 * last cleanup but one.
 */
export async function applyRetention(
  store: RetentionStore,
  clock: Pick<Clock, 'now'>,
  settings: RetentionSettings,
  options: RetentionOptions,
): Promise<RetentionReport> {
  const detail = findInvalidSetting(settings);
  if (detail !== undefined) return skip({ reason: 'odd-setting', detail });
  const now = clock.now();
  if (options.isDryRun) return lookOnly(store, now, settings);
  const isUnasked = !options.isConfirmed;
  if (isUnasked && !isCheckDue(now, await store.memo())) return skip({ reason: 'not-due' });
  const token = randomUUID();
  if (!(await store.claim({ token, now, durationMs: CLAIM_MS }))) return skip({ reason: 'busy' });
  try {
    const memo = await store.memo();
    if (isUnasked) return await applyAutomatically(store, now, settings, memo, options);
    const [mark, newest] = await Promise.all([store.mark(), store.newestActivity()]);
    const plan = await planRetention(store, settings, now);
    const change = { ...memoAfter(now, memo, mark, newest), announcedAt: now };
    return await carryOut(store, now, plan, change, options.signal);
  } finally {
    await store.releaseClaim(token);
  }
}

const emptyReport: Readonly<RetentionReport> = {
  steps: [],
  trashedCount: 0,
  purgedCount: 0,
  skipped: undefined,
};

async function lookOnly(
  store: RetentionStore,
  now: Date,
  settings: RetentionSettings,
): Promise<RetentionReport> {
  const plan = await planRetention(store, settings, now);
  const steps = await plan.nextSteps(ALL);
  if (steps.length === 0) return emptyReport;
  const doubt = findClockDoubt(now, await store.newestActivity(), await store.memo());
  const reason = doubt ?? ((await plan.isMass()) ? 'too-many' : undefined);
  return { ...emptyReport, steps, skipped: reason && { reason } };
}

async function applyAutomatically(
  store: RetentionStore,
  now: Date,
  settings: RetentionSettings,
  memo: RetentionMemo,
  { isSilent = false, signal }: RetentionOptions,
): Promise<RetentionReport> {
  // Another process may have looked in the meantime.
  if (!isCheckDue(now, memo)) return skip({ reason: 'not-due' });
  const [mark, newest] = await Promise.all([store.mark(), store.newestActivity()]);
  const plan = await planRetention(store, settings, now, memo.markBefore ?? memo.mark ?? mark);
  const hasWork = await plan.hasWork();
  const doubt = findClockDoubt(now, newest, memo);
  if (doubt) {
    await store.saveMemo({ heldSince: heldSinceAfter(now, memo), nextLookAt: nextCheckAfter(now) });
    return hasWork ? skip({ reason: doubt }) : emptyReport;
  }
  const change = memoAfter(now, memo, mark, newest);
  if (memo.announcedAt === null || memo.mark === null) {
    const steps = hasWork ? await plan.nextSteps(MAX_SESSIONS) : [];
    if (isSilent && steps.length > 0) return emptyReport;
    await store.saveMemo(steps.length > 0 ? { ...change, announcedAt: now } : change);
    if (steps.length === 0) return emptyReport;
    return skip({ reason: 'first', steps, hasMore: steps.length >= MAX_SESSIONS });
  }
  // Checked before any candidate is read; counting stops once the result is known.
  if (hasWork && (await plan.isMass())) {
    await store.saveMemo(change);
    return skip({ reason: 'too-many' });
  }
  return carryOut(store, now, plan, change, signal);
}

function memoAfter(
  now: Date,
  memo: RetentionMemo,
  mark: number,
  newest: Date | null,
): Partial<RetentionMemo> {
  const after = { lastRunAt: now, nextLookAt: nextCheckAfter(now), mark, markBefore: memo.mark };
  // Kept while it is needed: without it, cleanups would stop because the stored times contradict
  // the clock.
  const isNeeded = findClockDoubt(now, newest, { ...memo, ...after, heldSince: null });
  return { ...after, heldSince: isNeeded ? memo.heldSince : null };
}

/**
 * Plans and carries out batch after batch, at least one, so that even runs that are always stopped
 * early finish together. The report contains the steps that were taken, without sessions that no
 * longer qualified.
 */
async function carryOut(
  store: RetentionStore,
  at: Date,
  plan: RetentionPlan,
  memo: Partial<RetentionMemo>,
  signal: AbortSignal | undefined,
): Promise<RetentionReport> {
  const taken: RetentionStep[] = [];
  for (let isOver = false; !isOver;) {
    const steps = await plan.nextSteps(MAX_SESSIONS);
    const before = taken.length;
    for (const batch of inBatches(steps)) {
      const candidates = batch.steps.map(({ candidate }) => candidate);
      const ids = new Set(await store[batch.action](candidates, { at, reason: batch.reason }));
      taken.push(...batch.steps.filter(({ candidate }) => ids.has(candidate.sessionId)));
      if (signal?.aborted) break;
    }
    isOver = signal?.aborted === true || taken.length === before;
  }
  if (!signal?.aborted) await store.saveMemo(memo);
  if (taken.some(({ action }) => action === 'purge')) await store.scrub(signal);
  const trashedCount = taken.filter(({ action }) => action === 'trash').length;
  return {
    steps: taken,
    trashedCount,
    purgedCount: taken.length - trashedCount,
    skipped: undefined,
  };
}

function skip(skipped: SkipReason): RetentionReport {
  return { ...emptyReport, skipped };
}
