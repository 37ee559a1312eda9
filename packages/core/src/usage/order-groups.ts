import type { UsageGroup, UsageGrouping } from '../ports/usage-store.ts';

/** Days in order, all other groups the most expensive first; the same in every store. */
export function orderGroups(groups: readonly UsageGroup[], by: UsageGrouping): UsageGroup[] {
  const byKey = (a: UsageGroup, b: UsageGroup) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1);
  if (by === 'day') return [...groups].sort(byKey);
  return [...groups].sort(
    (a, b) => b.costNanoUsd - a.costNanoUsd || tokensOf(b) - tokensOf(a) || byKey(a, b),
  );
}

function tokensOf({ inputTokens, outputTokens }: UsageGroup): number {
  return inputTokens + outputTokens;
}
