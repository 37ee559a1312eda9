import type { UsageGroup, UsageGrouping, UsageQuery, UsageStore, Session } from '@synapse/core';
import type { OwnerFilter } from '@synapse/core/server';
import {
  IMPORT_ORIGIN,
  type SessionTotals,
  type Spread,
  isUnpriced,
  type LedgerEntry,
  noCounts,
  orderGroups,
} from '@synapse/core/store-kit';
import type { MemoryState } from './memory-state.ts';

export class MemoryUsage implements UsageStore {
  readonly #state: MemoryState;

  constructor(state: MemoryState) {
    this.#state = state;
  }

  async usage(query: UsageQuery): Promise<UsageGroup[]> {
    const { by, since, before, sessionId, origin, owner } = query;
    const groups = new Map<string | null, LedgerEntry[]>();
    for (const entry of this.#state.ledger.values()) {
      const { createdAt } = entry;
      if ((since && createdAt < since) || (before && createdAt >= before)) continue;
      if (sessionId !== undefined && entry.sessionId !== sessionId) continue;
      if (owner !== undefined && this.#state.ownerOfCalls(entry.sessionId) !== owner) continue;
      const session = this.#state.records.get(entry.sessionId)?.session;
      const tool = entry.origin === IMPORT_ORIGIN ? session?.origin : null;
      const source = tool ?? entry.origin;
      const isCounted = origin === 'any' || entry.origin === (origin ?? null) || source === origin;
      if (!isCounted) continue;
      const keys = by === 'origin' ? [source] : keysOf(by, entry, session?.tags ?? []);
      for (const key of keys) {
        groups.set(key, [...(groups.get(key) ?? []), entry]);
      }
    }
    return orderGroups([...groups].map(toGroup), by);
  }

  async sessionTotals({ owner }: OwnerFilter = {}): Promise<SessionTotals[]> {
    const totals = new Map<string, SessionTotals>();
    for (const { session } of this.#state.records.values()) {
      if (owner !== undefined && session.owner !== owner) continue;
      const { provider, model } = session;
      const key = JSON.stringify([provider, model]);
      totals.set(key, addToTotals(totals.get(key) ?? { provider, model, ...nothing }, session));
    }
    return [...totals.values()];
  }
}

const nothing = {
  ...{ livingCount: 0, archivedCount: 0, pinnedCount: 0, trashedCount: 0 },
  ...noCounts,
};

function addToTotals(totals: SessionTotals, session: Session): SessionTotals {
  const isLiving = session.deletedAt === null;
  return {
    provider: totals.provider,
    model: totals.model,
    livingCount: totals.livingCount + (isLiving ? 1 : 0),
    archivedCount: totals.archivedCount + (isLiving && session.archived ? 1 : 0),
    pinnedCount: totals.pinnedCount + (isLiving && session.pinned ? 1 : 0),
    trashedCount: totals.trashedCount + (isLiving ? 0 : 1),
    messageCount: totals.messageCount + session.messageCount,
    turnCount: totals.turnCount + session.turnCount,
  };
}

function keysOf(
  by: Exclude<UsageGrouping, 'origin'>,
  { provider, model, createdAt, sessionId }: LedgerEntry,
  tags: string[],
): (string | null)[] {
  switch (by) {
    case 'day':
      return [createdAt.toISOString().slice(0, 10)];
    case 'model':
      return [provider === null || model === null ? null : `${provider}/${model}`];
    case 'provider':
      return [provider];
    case 'session':
      return [sessionId];
    case 'tag':
      return tags.length > 0 ? tags : [null];
  }
}

function toGroup([key, answers]: [string | null, LedgerEntry[]]): UsageGroup {
  const sum = (numberOf: (answer: LedgerEntry) => number | undefined) =>
    answers.reduce((total, answer) => total + (numberOf(answer) ?? 0), 0);
  return {
    key,
    answerCount: answers.length,
    failedCount: sum(({ status }) => (status === 'failed' ? 1 : 0)),
    interruptedCount: sum(({ status }) => (status === 'interrupted' ? 1 : 0)),
    inputTokens: sum(({ usage }) => usage?.inputTokens),
    outputTokens: sum(({ usage }) => usage?.outputTokens),
    cacheReadTokens: sum(({ usage }) => usage?.cacheReadTokens),
    cacheWriteTokens: sum(({ usage }) => usage?.cacheWriteTokens),
    reasoningTokens: sum(({ usage }) => usage?.reasoningTokens),
    costNanoUsd: sum(({ cost }) => cost?.nanoUsd),
    unpricedCount: sum((answer) => (isUnpriced(answer) ? 1 : 0)),
    latencyMs: spreadOf(answers.flatMap(({ latencyMs }) => latencyMs ?? [])),
    timeToFirstTokenMs: spreadOf(answers.flatMap(({ timeToFirstTokenMs: ms }) => ms ?? [])),
  };
}

function spreadOf(values: number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = values.sort((a, b) => a - b);
  const at = (percent: number) => sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { mean, p95: at(95), p99: at(99) };
}
