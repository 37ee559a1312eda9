import type { RetentionStep } from '@synapse/core';
import { toRelativeTime, toTable } from '@synapse/terminal';
import type { OutputStyle } from '../output/output-style.ts';
import { nameOf } from './name-of.ts';
import { shortIdsOf } from '@synapse/app/sessions/short-ids';

/** A table of the affected sessions: where each one moves, and why. */
export function toStepTable(
  steps: readonly RetentionStep[],
  { style, columns }: OutputStyle,
  now: Date,
): string {
  const isPiped = columns === undefined;
  const shortIds = shortIdsOf(steps.map(({ candidate }) => candidate.sessionId));
  const idOf = (id: string) => (isPiped ? id : (shortIds.get(id) ?? id));
  return toTable<RetentionStep>(
    [
      { title: 'ID', text: ({ candidate }) => idOf(candidate.sessionId), paint: style.cyan },
      { title: 'NAME', text: ({ candidate }) => nameOf(candidate), isFlexible: true },
      {
        title: 'WHEN',
        text: ({ candidate: { updatedAt } }) =>
          isPiped ? updatedAt.toISOString() : toRelativeTime(updatedAt, now),
      },
      {
        title: 'ACTION',
        text: ({ action }) => (action === 'trash' ? 'move to the trash' : 'remove for good'),
      },
      { title: 'WHY', text: ({ reason }) => reason, isFlexible: true, paint: style.dim },
    ],
    steps,
    { style, columns },
  );
}

/** The effect of a cleanup on one session. */
export function stepToJson({ candidate, action, reason }: RetentionStep): object {
  const { sessionId, handle, title, messageCount, updatedAt } = candidate;
  return { sessionId, handle, title, messageCount, updatedAt, action, reason };
}
