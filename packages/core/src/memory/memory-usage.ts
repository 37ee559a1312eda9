import type {
  SessionTotals,
  Spread,
  UsageGroup,
  UsageGrouping,
  UsageQuery,
  UsageStore,
} from '../ports/usage-store.ts';
import { isNote, type Message } from '../session/message.ts';
import { addFigures, noFigures } from '../session/session-figures.ts';
import type { Session } from '../session/session.ts';
import { orderGroups } from '../usage/order-groups.ts';
import type { MemoryState } from './memory-state.ts';

export class MemoryUsage implements UsageStore {
  readonly #state: MemoryState;

  constructor(state: MemoryState) {
    this.#state = state;
  }

  async usage({ by, since, before }: UsageQuery): Promise<UsageGroup[]> {
    const groups = new Map<string | null, Message[]>();
    for (const { session, messages } of this.#state.records.values()) {
      for (const message of messages) {
        const { role, usage, createdAt } = message;
        if (role !== 'assistant' && !(isNote(message) && usage)) continue;
        if ((since && createdAt < since) || (before && createdAt >= before)) continue;
        for (const key of keysOf(by, message, session)) {
          groups.set(key, [...(groups.get(key) ?? []), message]);
        }
      }
    }
    return orderGroups([...groups].map(toGroup), by);
  }

  async sessionTotals(): Promise<SessionTotals[]> {
    const totals = new Map<string, SessionTotals>();
    for (const { session } of this.#state.records.values()) {
      const { provider, model } = session;
      const key = JSON.stringify([provider, model]);
      totals.set(key, addToTotals(totals.get(key) ?? { provider, model, ...nothing }, session));
    }
    return [...totals.values()];
  }
}

const nothing = {
  ...{ livingCount: 0, archivedCount: 0, pinnedCount: 0, trashedCount: 0 },
  ...noFigures,
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
    ...addFigures(totals, session),
  };
}

function keysOf(by: UsageGrouping, message: Message, session: Session): (string | null)[] {
  const { provider, model } = message;
  switch (by) {
    case 'day':
      return [message.createdAt.toISOString().slice(0, 10)];
    case 'model':
      return [provider === null || model === null ? null : `${provider}/${model}`];
    case 'provider':
      return [provider];
    case 'session':
      return [session.id];
    case 'tag':
      return session.tags.length > 0 ? session.tags : [null];
  }
}

function toGroup([key, answers]: [string | null, Message[]]): UsageGroup {
  const sum = (numberOf: (answer: Message) => number | undefined) =>
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
    unpricedCount: sum(({ usage, cost }) => (usage && !cost ? 1 : 0)),
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
