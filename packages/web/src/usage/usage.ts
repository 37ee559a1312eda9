/** A group of answers as `GET /api/usage` shows it. */
export interface UsageRow {
  key: string | null;
  label: string;
  answerCount: number;
  failedCount: number;
  inputTokens: number;
  outputTokens: number;
  /** Null if no answer of the group has a known price. */
  costUsd: number | null;
  unpricedCount: number;
  latencyMs: { mean: number; p95: number } | null;
}

/** A cost limit as `GET /api/budget` shows it. */
export interface BudgetLimit {
  period: 'run' | 'session' | 'day';
  limitUsd: number;
  usedUsd: number | null;
  leftUsd: number | null;
}

export type Grouping = 'day' | 'model' | 'session' | 'tag';
export type Measure = 'cost' | 'tokens' | 'latency';

/** Null where it is not known. */
export function measureOf(row: UsageRow, measure: Measure): number | null {
  switch (measure) {
    case 'cost':
      return row.costUsd;
    case 'tokens':
      return row.inputTokens + row.outputTokens;
    case 'latency':
      return row.latencyMs?.mean ?? null;
  }
}

/** The shares of the largest value, from 0 to 1, which are the lengths of the bars. */
export function toShares(values: readonly (number | null)[]): (number | null)[] {
  const most = values.reduce<number>((max, value) => Math.max(max, value ?? 0), 0);
  return values.map((value) => (value === null ? null : most === 0 ? 0 : value / most));
}

/** The sum of groups that don't overlap; unlike days, tags do: an answer counts once for each. */
export function sumUp(rows: readonly UsageRow[]) {
  const sum = (pick: (row: UsageRow) => number | null) =>
    rows.reduce((total, row) => total + (pick(row) ?? 0), 0);
  const priced = rows.filter(({ costUsd }) => costUsd !== null);
  return {
    answerCount: sum(({ answerCount }) => answerCount),
    tokens: sum((row) => measureOf(row, 'tokens')),
    costUsd: rows.length > 0 && priced.length === 0 ? null : sum(({ costUsd }) => costUsd),
    unpricedCount: sum(({ unpricedCount }) => unpricedCount),
  };
}
