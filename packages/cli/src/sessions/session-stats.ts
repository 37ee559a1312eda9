import {
  addFigures,
  allSessions,
  noFigures,
  type Session,
  type SessionFigures,
} from '@synapse/core';
import type { StoreTransfer } from '@synapse/core';

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

export async function collectStats(transfer: StoreTransfer): Promise<SessionStats> {
  const stats = {
    ...{ livingCount: 0, archivedCount: 0, pinnedCount: 0, trashedCount: 0 },
    total: { ...noFigures },
  };
  const models = new Map<string, ModelStats>();
  for await (const session of allSessions(transfer)) {
    if (session.deletedAt) stats.trashedCount += 1;
    else {
      stats.livingCount += 1;
      if (session.archived) stats.archivedCount += 1;
      if (session.pinned) stats.pinnedCount += 1;
    }
    stats.total = addFigures(stats.total, session);
    addToModel(models, session);
  }
  return {
    ...stats,
    models: [...models.values()].sort(
      (a, b) => b.costNanoUsd - a.costNanoUsd || tokensOf(b) - tokensOf(a),
    ),
  };
}

function addToModel(models: Map<string, ModelStats>, session: Session): void {
  const { provider, model } = session;
  const key = JSON.stringify([provider, model]);
  const known = models.get(key) ?? { ...noFigures, provider, model, sessionCount: 0 };
  const sessionCount = known.sessionCount + 1;
  models.set(key, { provider, model, sessionCount, ...addFigures(known, session) });
}

export function tokensOf({ inputTokens, outputTokens }: SessionFigures): number {
  return inputTokens + outputTokens;
}
