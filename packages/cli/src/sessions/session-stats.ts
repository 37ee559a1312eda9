import { addFigures, noFigures, type SessionFigures, type UsageStore } from '@synapse/core';

export interface SessionStats {
  livingCount: number;
  archivedCount: number;
  pinnedCount: number;
  trashedCount: number;
  /** Over everything, the trash included: what was spent stays spent. */
  total: SessionFigures;
  /** By the model that a session last went on with, dearest first. */
  models: ModelStats[];
}

export interface ModelStats extends SessionFigures {
  provider: string | null;
  model: string | null;
  sessionCount: number;
}

export async function collectStats(
  usage: Pick<UsageStore, 'sessionTotals'>,
): Promise<SessionStats> {
  const totals = await usage.sessionTotals();
  const countOf = (name: 'livingCount' | 'archivedCount' | 'pinnedCount' | 'trashedCount') =>
    totals.reduce((sum, { [name]: count }) => sum + count, 0);
  return {
    livingCount: countOf('livingCount'),
    archivedCount: countOf('archivedCount'),
    pinnedCount: countOf('pinnedCount'),
    trashedCount: countOf('trashedCount'),
    total: totals.reduce(addFigures, noFigures),
    models: totals
      .map(({ provider, model, livingCount, trashedCount, ...figures }) => {
        const sessionCount = livingCount + trashedCount;
        return { provider, model, sessionCount, ...addFigures(noFigures, figures) };
      })
      .sort((a, b) => b.costNanoUsd - a.costNanoUsd || tokensOf(b) - tokensOf(a)),
  };
}

export function tokensOf({ inputTokens, outputTokens }: SessionFigures): number {
  return inputTokens + outputTokens;
}
