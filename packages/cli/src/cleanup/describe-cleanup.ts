import type { RetentionReport, RetentionStep, SkipReason } from '@synapse/core';
import { countOf } from '@synapse/terminal';

/** What a cleanup has done, a line for each kind of it; nothing where it did nothing. */
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

/** Why nothing was done, and what to do about it; undefined where nobody has to know. */
export function describeSkip(skipped: SkipReason): string | undefined {
  switch (skipped.reason) {
    case 'busy':
      return undefined;
    case 'odd-setting':
      return `no cleanup: ${skipped.detail}`;
    case 'clock-behind':
      return 'no cleanup: the clock stands before what is stored already; look at the date of this machine';
    case 'time-leap':
      return 'no cleanup for a week: much time has passed since the last one; synapse sessions prune does it now';
    case 'too-many':
      return 'no cleanup: most sessions would go at once; synapse sessions prune --dry-run shows them';
  }
}

export function describeHint(livingCount: number): string {
  return `${livingCount} sessions have piled up and auto_cleanup is off; synapse sessions prune --dry-run shows what your limits would take`;
}

function why(steps: readonly RetentionStep[]): string {
  return ` (${[...new Set(steps.map(({ reason }) => reason))].join(', ')})`;
}
