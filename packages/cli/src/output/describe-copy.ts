import { countOf } from '@synapse/core/words';
import { describeFinding } from '@synapse/app/manage/check-database';
import type { CopyOutcome } from '@synapse/app/manage/copy-between';

/** The lines of a report on a copy between two stores: the counts, then any differences. */
export function describeCopy(outcome: CopyOutcome): string[] {
  const { addedCount, extendedCount, forkedCount, presentCount } = outcome;
  const { messageCount, differing, findings } = outcome;
  const counts = [
    `${countOf(addedCount, 'session')} copied`,
    `${extendedCount} extended`,
    `${forkedCount} forked`,
    `${presentCount} already there`,
  ];
  return [
    `${counts.join(', ')}; ${countOf(messageCount, 'message')} compared`,
    ...differing.map((id) => `differs: session ${id}`),
    ...(findings ?? []).map(describeFinding),
  ];
}
