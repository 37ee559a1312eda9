import { toUsd, type SessionStore, type UsageGroup, type UsageGrouping } from '@synapse/core';

/** A group as every output shows it. */
export interface UsageRow extends Omit<UsageGroup, 'costNanoUsd'> {
  /** The name or title of a session, `synapse` for the answers made here; otherwise the key. */
  label: string;
  /** Null if no call of the group has a known price. */
  costUsd: number | null;
  /** The share of answers that failed, from 0 to 1. */
  failureRate: number;
}

const UNNAMED = '(none)';
const OWN = 'synapse';

export async function toUsageRows(
  groups: readonly UsageGroup[],
  by: UsageGrouping,
  sessions: Pick<SessionStore, 'get'>,
): Promise<UsageRow[]> {
  const rows: UsageRow[] = [];
  for (const { costNanoUsd, ...group } of groups) {
    const session = by === 'session' && group.key ? await sessions.get(group.key) : undefined;
    rows.push({
      ...group,
      label: session?.handle ?? session?.title ?? group.key ?? (by === 'origin' ? OWN : UNNAMED),
      costUsd: group.unpricedCount > 0 && costNanoUsd === 0 ? null : toUsd(costNanoUsd),
      failureRate: group.failedCount / group.answerCount,
    });
  }
  return rows;
}
