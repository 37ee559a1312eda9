import type { UsageQuery, UsageStore } from '@synapse/core';

/** What the answers of this day (UTC) have cost, in billionths of a US dollar, without imported ones. */
export function spentToday(usage: UsageReader, now: Date): Promise<number> {
  return spent(usage, { by: 'day', since: new Date(now.toISOString().slice(0, 10)) });
}

/** What the answers in a session have cost, without imported ones. */
export function spentInSession(usage: UsageReader, sessionId: string): Promise<number> {
  return spent(usage, { by: 'session', sessionId });
}

type UsageReader = Pick<UsageStore, 'usage'>;

async function spent(usage: UsageReader, query: UsageQuery): Promise<number> {
  const groups = await usage.usage(query);
  return groups.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0);
}
