import type { SessionFigures } from '../session/session-figures.ts';

/**
 * What answers have used, cost and taken, over many sessions; those in the trash count, too. What a
 * model was asked for on the side, a summary or a title, is an answer as well.
 */
export interface UsageStore {
  /**
   * One line for each group that has answers: days rising, everything else by cost, then by tokens,
   * the most first. An answer counts once for each tag of its session.
   */
  usage(query: UsageQuery): Promise<UsageGroup[]>;

  /**
   * What the sessions are and have used, the trash included: a line for each model that sessions last
   * went on with, in no order. Summed up by the database in one statement: the more sessions there
   * are, the longer it takes, but no session leaves the database.
   */
  sessionTotals(): Promise<SessionTotals[]>;
}

export interface SessionTotals extends SessionFigures {
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
  /** Answers with tokens whose price is unknown: while there are any, the cost is a lower bound. */
  unpricedCount: number;
  /** Null where no answer of the group says how long it took. */
  latencyMs: Spread | null;
  timeToFirstTokenMs: Spread | null;
}

export interface Spread {
  mean: number;
  /** By the nearest rank: a value that did occur, which so many percent do not exceed. */
  p95: number;
  p99: number;
}
