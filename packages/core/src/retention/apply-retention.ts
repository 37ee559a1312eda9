import { randomUUID } from 'node:crypto';
import type { Clock } from '../ports/clock.ts';
import type { RetentionStore } from '../ports/retention-store.ts';
import { findHoldReason, heldSinceAfter, type HoldReason } from './cleanup-guard.ts';
import { planRetention, type RetentionPlan } from './plan-retention.ts';
import { describeRule } from './retention-policy.ts';
import { findOddSetting, type RetentionSettings } from './retention-settings.ts';
import { inBatches } from './in-batches.ts';
import type { RetentionStep } from './retention-step.ts';

const CLAIM_MS = 10 * 60 * 1000;

export interface RetentionOptions {
  /** Whether a person asked for it and knows what goes; see cleanup-guard. */
  isConfirmed: boolean;
  /** Looks only: the report says what would be done. */
  isDryRun?: boolean | undefined;
  /** When aborted, stops between two steps; what was moved until then is in the report. */
  signal?: AbortSignal | undefined;
}

export interface RetentionReport {
  /** What was done, or would be; in the order of doing. */
  steps: RetentionStep[];
  trashedCount: number;
  purgedCount: number;
  /** Why nothing was done. With a dry run, why nothing would be done unasked. */
  skipped: SkipReason | undefined;
}

export type SkipReason =
  | { reason: HoldReason }
  /** Another process is at it. */
  | { reason: 'busy' }
  /** `detail` says which setting, and what is wrong with it. */
  | { reason: 'odd-setting'; detail: string };

/**
 * Moves to the trash what the settings no longer keep, and removes for good what has been there long
 * enough: oldest first, in transactions so small that nobody has to wait for them, each session with
 * a line in the audit. One process at a time; odd settings, or a clock that can't be right, and
 * nothing is done.
 */
export async function applyRetention(
  store: RetentionStore,
  clock: Pick<Clock, 'now'>,
  settings: RetentionSettings,
  options: RetentionOptions,
): Promise<RetentionReport> {
  const detail = findOddSetting(settings);
  if (detail !== undefined) return skip({ reason: 'odd-setting', detail });
  const now = clock.now();
  if (options.isDryRun) {
    const plan = await planRetention(store, settings, now);
    const hold = await findHold(store, now, plan);
    return { ...emptyReport, steps: stepsOf(plan, settings), skipped: hold && { reason: hold } };
  }
  const token = randomUUID();
  if (!(await store.claim({ token, now, durationMs: CLAIM_MS }))) return skip({ reason: 'busy' });
  try {
    return await applyClaimed(store, now, settings, options);
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

async function applyClaimed(
  store: RetentionStore,
  now: Date,
  settings: RetentionSettings,
  { isConfirmed, signal }: RetentionOptions,
): Promise<RetentionReport> {
  const plan = await planRetention(store, settings, now);
  if (!isConfirmed) {
    const hold = await findHold(store, now, plan);
    if (hold === 'time-leap') {
      await store.saveMemo({ heldSince: heldSinceAfter(now, await store.memo()) });
    }
    if (hold) return skip({ reason: hold });
  }
  const steps = await carryOut(store, now, stepsOf(plan, settings), signal);
  if (!signal?.aborted) await store.saveMemo({ lastRunAt: now, heldSince: null });
  if (steps.some(({ action }) => action === 'purge')) await store.scrub(signal);
  const trashedCount = steps.filter(({ action }) => action === 'trash').length;
  return { steps, trashedCount, purgedCount: steps.length - trashedCount, skipped: undefined };
}

/** Returns the steps that were taken: the store leaves out whoever qualifies no more. */
async function carryOut(
  store: RetentionStore,
  at: Date,
  steps: readonly RetentionStep[],
  signal: AbortSignal | undefined,
): Promise<RetentionStep[]> {
  const taken: RetentionStep[] = [];
  for (const batch of inBatches(steps)) {
    if (signal?.aborted) break;
    const candidates = batch.steps.map(({ candidate }) => candidate);
    const ids = new Set(await store[batch.action](candidates, { at, reason: batch.reason }));
    taken.push(...batch.steps.filter(({ candidate }) => ids.has(candidate.sessionId)));
  }
  return taken;
}

async function findHold(
  store: RetentionStore,
  now: Date,
  { livingCount, trash, expired }: RetentionPlan,
): Promise<HoldReason | undefined> {
  if (trash.length === 0 && expired.length === 0) return undefined;
  const [newestActivity, memo] = await Promise.all([store.newestActivity(), store.memo()]);
  return findHoldReason({ now, newestActivity, memo, livingCount, trashCount: trash.length });
}

function stepsOf({ trash, expired }: RetentionPlan, settings: RetentionSettings): RetentionStep[] {
  return [
    ...expired.map((candidate): RetentionStep => {
      return { candidate, action: 'purge', reason: describeRule('expired', settings) };
    }),
    ...trash.map(({ candidate, rule }): RetentionStep => {
      return { candidate, action: 'trash', reason: describeRule(rule, settings) };
    }),
  ];
}

function skip(skipped: SkipReason): RetentionReport {
  return { ...emptyReport, skipped };
}
