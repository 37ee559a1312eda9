import { toUsd, type UsageStore } from '@synapse/core';
import type { App } from '../wiring.ts';
import { spentInSession, spentToday } from './spending.ts';

/** A cost limit of the settings. */
export interface BudgetLimit {
  period: 'run' | 'session' | 'day';
  setting: string;
  limitUsd: number;
  /** Null for a limit of every run, and for that of every session if none was named. */
  usedUsd: number | null;
  /** Not below zero: an answer is stopped only after its cost is estimated. */
  leftUsd: number | null;
}

/** The cost limits that are set, and what is left of them. */
export async function readBudget(
  { settings, clock }: Pick<App, 'settings' | 'clock'>,
  usage: Pick<UsageStore, 'usage'>,
  { sessionId }: { sessionId?: string | undefined } = {},
): Promise<BudgetLimit[]> {
  const { max_cost_run, max_cost_session, max_cost_day } = settings.limits;
  const limits: BudgetLimit[] = [];
  const add = (period: BudgetLimit['period'], limitUsd: number, nanoUsd: number | null) => {
    const usedUsd = nanoUsd === null ? null : toUsd(nanoUsd);
    const leftUsd = usedUsd === null ? null : Math.max(0, limitUsd - usedUsd);
    limits.push({ period, setting: `limits.max_cost_${period}`, limitUsd, usedUsd, leftUsd });
  };
  if (max_cost_run > 0) add('run', max_cost_run, null);
  if (max_cost_session > 0) {
    const used = sessionId === undefined ? null : await spentInSession(usage, sessionId);
    add('session', max_cost_session, used);
  }
  if (max_cost_day > 0) add('day', max_cost_day, await spentToday(usage, clock.now()));
  return limits;
}
