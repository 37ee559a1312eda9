import type { MessageCounts } from '../session/session-figures.ts';
import type { OwnerFilter } from './identity.ts';

/**
 * Tokens, cost and time of answers, over many sessions. It reads only the ledger, so it also counts
 * answers whose messages or sessions were removed. A summary or a title by a model is an answer as
 * well.
 */
export interface UsageStore {
  /**
   * One line for each group that has answers. Days are in order; all other groups are sorted by
   * cost, then by tokens, the most first. An answer counts once for each tag that its session has
   * now. A purged session still has a group by its id, but no tags.
   */
  usage(query: UsageQuery): Promise<UsageGroup[]>;

  /**
   * The numbers of sessions and messages, the trash included: a line for each model that was last
   * in its session, in no order. The database sums them up in one statement. The time grows with
   * the number of sessions, but no session leaves the database.
   */
  sessionTotals(filter?: OwnerFilter): Promise<SessionTotals[]>;
}

export interface SessionTotals extends MessageCounts {
  provider: string | null;
  model: string | null;
  livingCount: number;
  /** Only sessions outside the trash. */
  archivedCount: number;
  pinnedCount: number;
  trashedCount: number;
}

export type UsageGrouping = 'day' | 'model' | 'provider' | 'session' | 'tag' | 'origin';

export interface UsageQuery extends OwnerFilter {
  by: UsageGrouping;
  since?: Date | undefined;
  before?: Date | undefined;
  /** Only the calls for this session. */
  sessionId?: string | undefined;
  /**
   * Unset: the calls made from this store. `import`: the imported ones. `any`: all. The name of a
   * tool: the imported ones of sessions from this tool, unless they were purged.
   */
  origin?: string | undefined;
}

export interface UsageGroup {
  /**
   * `2026-01-31` in UTC, `provider/model`, a provider, the id of a session, a tag; null for none. An
   * origin is the tool of the session of an imported call, or `import`; null for the calls made here.
   */
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
  /** By the nearest rank: an observed value that this percentage of the values does not exceed. */
  p95: number;
  p99: number;
}
