import type { MessageCounts } from '../session/session-figures.ts';

/**
 * Tokens, cost and time of answers, over many sessions. It reads only the ledger, so answers count
 * whose messages or sessions are gone. A summary or a title by a model is an answer as well.
 */
export interface UsageStore {
  /**
   * One line for each group that has answers: days rising, everything else by cost, then by tokens,
   * the most first. An answer counts once for each tag that its session has now. A purged session
   * has its group by id, and no tags.
   */
  usage(query: UsageQuery): Promise<UsageGroup[]>;

  /**
   * How many sessions and messages there are, the trash included: a line for each model that sessions
   * last used, in no order. Summed up by the database in one statement: the more sessions there
   * are, the longer it takes, but no session leaves the database.
   */
  sessionTotals(): Promise<SessionTotals[]>;
}

export interface SessionTotals extends MessageCounts {
  provider: string | null;
  model: string | null;
  livingCount: number;
  /** Of the living. */
  archivedCount: number;
  pinnedCount: number;
  trashedCount: number;
}

export type UsageGrouping = 'day' | 'model' | 'provider' | 'session' | 'tag';

export interface UsageQuery {
  by: UsageGrouping;
  since?: Date | undefined;
  before?: Date | undefined;
  /** Only the calls for this session. */
  sessionId?: string | undefined;
  /**
   * Unset: the calls made from this store. Otherwise the calls with this origin, such as `import`, or
   * with `any` all calls.
   */
  origin?: string | undefined;
}

export interface UsageGroup {
  /** `2026-01-31` in UTC, `provider/model`, a provider, the id of a session, a tag; null for none. */
  key: string | null;
  answerCount: number;
  failedCount: number;
  interruptedCount: number;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  reasoningTokens: number;
  costNanoUsd: number;
  /** Answers of unknown cost: while there are any, the cost is a lower bound. */
  unpricedCount: number;
  /** Null if no answer of the group has a duration. */
  latencyMs: Spread | null;
  timeToFirstTokenMs: Spread | null;
}

export interface Spread {
  mean: number;
  /** By the nearest rank: a value that did occur, which so many percent do not exceed. */
  p95: number;
  p99: number;
}
