import {
  addCounts,
  addFigures,
  addSpent,
  noFigures,
  toUsd,
  type SessionFigures,
  type UsageStore,
} from '@synapse/core';

export interface SessionStats {
  livingCount: number;
  archivedCount: number;
  pinnedCount: number;
  trashedCount: number;
  /** The stored messages, the trash included, with the tokens and the cost of the ledger. */
  total: SessionFigures;
  /** Most expensive first. */
  models: ModelStats[];
}

/**
 * The sessions that used a model last and their messages, and the cost of all calls of the model.
 */
export interface ModelStats extends SessionFigures {
  provider: string | null;
  model: string | null;
  sessionCount: number;
}

export async function collectStats(usage: UsageStore): Promise<SessionStats> {
  const totals = await usage.sessionTotals();
  const models = new Map<string, ModelStats>();
  for (const { provider, model, livingCount, trashedCount, ...counts } of totals) {
    const sessionCount = livingCount + trashedCount;
    models.set(keyOf({ provider, model }), {
      ...{ provider, model, sessionCount },
      ...addCounts(noFigures, counts),
    });
  }
  for (const { key, ...spent } of await usage.usage({ by: 'model' })) {
    const name = key ?? keyOf({ provider: null, model: null });
    models.set(name, addSpent(models.get(name) ?? newModel(key), spent));
  }
  const countOf = (name: 'livingCount' | 'archivedCount' | 'pinnedCount' | 'trashedCount') =>
    totals.reduce((sum, { [name]: count }) => sum + count, 0);
  const figures = [...models.values()];
  return {
    livingCount: countOf('livingCount'),
    archivedCount: countOf('archivedCount'),
    pinnedCount: countOf('pinnedCount'),
    trashedCount: countOf('trashedCount'),
    total: figures.reduce<SessionFigures>(addFigures, noFigures),
    models: figures.sort((a, b) => b.costNanoUsd - a.costNanoUsd || tokensOf(b) - tokensOf(a)),
  };
}

/** The same key as in the groups of the ledger, if both names are known. */
function keyOf({ provider, model }: Pick<ModelStats, 'provider' | 'model'>): string {
  const isKnown = provider !== null && model !== null;
  return isKnown ? `${provider}/${model}` : JSON.stringify([provider, model]);
}

/** For a model that is the last one of no session. */
function newModel(key: string | null): ModelStats {
  const [provider = null, ...model] = key === null ? [] : key.split('/');
  const name = model.length === 0 ? null : model.join('/');
  return { ...noFigures, provider, model: name, sessionCount: 0 };
}

export function tokensOf({ inputTokens, outputTokens }: SessionFigures): number {
  return inputTokens + outputTokens;
}

/** The totals as every interface shows them in JSON. */
export function statsToJson({ total, models, ...counts }: SessionStats): object {
  return {
    ...counts,
    ...figuresToJson(total),
    models: models.map(({ provider, model, sessionCount, ...figures }) => {
      return { provider, model, sessionCount, ...figuresToJson(figures) };
    }),
  };
}

function figuresToJson(figures: SessionFigures): object {
  const { messageCount, turnCount, inputTokens, outputTokens } = figures;
  const { costNanoUsd, unpricedCount } = figures;
  return {
    ...{ messageCount, turnCount, inputTokens, outputTokens },
    totalTokens: inputTokens + outputTokens,
    costUsd: unpricedCount > 0 && costNanoUsd === 0 ? null : toUsd(costNanoUsd),
    unpricedCount,
  };
}
