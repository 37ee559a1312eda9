import type { RetentionCandidate, RetentionStore } from '../ports/retention-store.ts';
import {
  describeRule,
  inactiveSince,
  ruleFor,
  toTrashRules,
  trashExpiry,
  type TrashRules,
} from './retention-policy.ts';
import type { Session } from '../session/session.ts';
import { findInvalidSetting, type RetentionSettings } from './retention-settings.ts';

// This many may be moved at once in any store, however small.
const FEW = 20;
// Counting the remaining sessions stops here.
const MANY = 10_000;

export interface RetentionStep {
  candidate: RetentionCandidate;
  action: 'trash' | 'purge';
  /** The rule behind the step, in words. */
  reason: string;
}

export interface RetentionPlan {
  /**
   * The next steps, purges first; at most `limit` of each kind. Reads only as many sessions, so
   * that a cleanup can plan batch by batch while it runs.
   */
  nextSteps: (limit: number) => Promise<RetentionStep[]>;
  /** Whether anything is over the limits, open sessions included; at most two lookups. */
  hasWork: () => Promise<boolean>;
  /**
   * Whether an unusual number would be moved to the trash: more than a few, and more than remain.
   */
  isMass: () => Promise<boolean>;
}

/** The steps for the present time; looks up one session. The settings must be valid. */
export async function planRetention(
  store: RetentionStore,
  settings: RetentionSettings,
  now: Date,
  mark?: number,
): Promise<RetentionPlan> {
  const rules = await readRules(store, settings, now);
  const cut = inactiveSince(rules);
  const expiry = trashExpiry(settings, now);

  const readTrash = (limit: number) =>
    cut ? store.candidates({ inactiveSince: cut, mark, limit }) : [];
  const readExpired = (limit: number) => (expiry ? store.expiredTrash(expiry, limit) : []);
  const toTrash = (candidate: RetentionCandidate): RetentionStep => {
    const reason = describeRule(ruleFor(candidate, rules), settings);
    return { candidate, action: 'trash', reason };
  };
  const toPurge = (candidate: RetentionCandidate): RetentionStep => {
    return { candidate, action: 'purge', reason: describeRule('expired', settings) };
  };
  return {
    nextSteps: async (limit) => [
      ...(await readExpired(limit)).map(toPurge),
      ...(await readTrash(limit)).map(toTrash),
    ],
    hasWork: async () =>
      (cut !== undefined && (await store.countActive({ before: cut }, 1)) > 0) ||
      (await readExpired(1)).length > 0,
    isMass: async () => {
      if (!cut || (await store.countActive({ before: cut }, FEW + 1)) <= FEW) return false;
      const stayingCount = await store.countActive({ since: cut }, MANY);
      return (await store.countActive({ before: cut }, stayingCount + 1)) > stayingCount;
    },
  };
}

/**
 * Those of the given sessions that are over the limits: the next cleanups will take them, unless
 * they are open then. Looks up one session of the store.
 */
export async function findOverLimit<
  S extends Pick<Session, 'updatedAt' | 'pinned' | 'archived' | 'deletedAt' | 'origin'>,
>(
  store: RetentionStore,
  settings: RetentionSettings,
  now: Date,
  sessions: readonly S[],
): Promise<S[]> {
  if (findInvalidSetting(settings) !== undefined) return [];
  const cut = inactiveSince(await readRules(store, settings, now));
  if (!cut) return [];
  return sessions.filter(
    ({ updatedAt, pinned, archived, deletedAt, origin }) =>
      updatedAt < cut && !pinned && !archived && deletedAt === null && origin === null,
  );
}

async function readRules(
  store: RetentionStore,
  settings: RetentionSettings,
  now: Date,
): Promise<TrashRules> {
  const { maxSessions } = settings;
  const lastKept = maxSessions === 0 ? null : await store.activityAtRank(maxSessions);
  return toTrashRules(settings, now, lastKept);
}
