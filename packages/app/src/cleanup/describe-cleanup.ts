import type { RetentionReport, RetentionStep, SkipReason } from '@synapse/core';
import { countOf } from '@synapse/core/words';

type FirstCleanup = Extract<SkipReason, { reason: 'first' }>;

/** The changes of a cleanup, a line for each kind; empty if there are none. */
export function describeCleanup({ steps }: Pick<RetentionReport, 'steps'>): string[] {
  const trashed = steps.filter(({ action }) => action === 'trash');
  const purged = steps.filter(({ action }) => action === 'purge');
  const [only, other] = trashed;
  const restore = only && !other ? `restore ${only.candidate.sessionId}` : 'restore <id>';
  return [
    ...(only
      ? [
          `moved ${countOf(trashed.length, 'session')} to the trash${why(trashed)}; synapse sessions ${restore}`,
        ]
      : []),
    ...(purged.length > 0
      ? [`removed ${countOf(purged.length, 'session')} for good${why(purged)}`]
      : []),
  ];
}

/** Why nothing was done, and what to do about it; undefined if the user need not know. */
export function describeSkip(skipped: SkipReason): string | undefined {
  switch (skipped.reason) {
    case 'busy':
    case 'not-due':
      return undefined;
    case 'first':
      return describeFirst(skipped);
    case 'odd-setting':
      return `no cleanup: ${skipped.detail}`;
    case 'clock-behind':
      return 'no cleanup for a week: the clock is behind the stored messages; check the date of this machine';
    case 'time-leap':
      return 'no cleanup for a week: a long time has passed since the last one; to clean up now: synapse sessions prune';
    case 'too-many':
      return 'no cleanup: more sessions would be removed than kept; synapse sessions prune --dry-run shows them';
  }
}

function describeFirst({ steps, hasMore }: FirstCleanup): string {
  const trashed = steps.filter(({ action }) => action === 'trash');
  const purged = steps.filter(({ action }) => action === 'purge');
  const parts = [
    ...(trashed.length > 0
      ? [`move ${countOf(trashed.length, 'session')} to the trash${why(trashed)}`]
      : []),
    ...(purged.length > 0
      ? [`remove ${countOf(purged.length, 'session')} for good${why(purged)}`]
      : []),
    ...(hasMore ? ['continue with more'] : []),
  ];
  return (
    `your limits apply from tomorrow: cleanup will then ${parts.join(', ')}. ` +
    'synapse sessions prune --dry-run shows the sessions; session.max_sessions, session.retention_days and ' +
    'session.auto_cleanup change the limits'
  );
}

/** `many` is the number that is exceeded. */
export function describeHint(many: number): string {
  return `there are more than ${many} sessions, and auto_cleanup is off; synapse sessions prune --dry-run shows which ones your limits would remove`;
}

function why(steps: readonly RetentionStep[]): string {
  return ` (${[...new Set(steps.map(({ reason }) => reason))].join(', ')})`;
}
