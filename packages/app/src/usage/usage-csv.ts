import type { UsageRow } from './usage-rows.ts';

const columns: readonly [string, (row: UsageRow) => string | number | null | undefined][] = [
  ['key', ({ key }) => key],
  ['label', ({ label }) => label],
  ['answers', ({ answerCount }) => answerCount],
  ['failed', ({ failedCount }) => failedCount],
  ['interrupted', ({ interruptedCount }) => interruptedCount],
  ['input_tokens', ({ inputTokens }) => inputTokens],
  ['output_tokens', ({ outputTokens }) => outputTokens],
  ['cache_read_tokens', ({ cacheReadTokens }) => cacheReadTokens],
  ['cache_write_tokens', ({ cacheWriteTokens }) => cacheWriteTokens],
  ['reasoning_tokens', ({ reasoningTokens }) => reasoningTokens],
  ['cost_usd', ({ costUsd }) => costUsd],
  ['unpriced', ({ unpricedCount }) => unpricedCount],
  ['latency_mean_ms', ({ latencyMs }) => latencyMs?.mean],
  ['latency_p95_ms', ({ latencyMs }) => latencyMs?.p95],
  ['latency_p99_ms', ({ latencyMs }) => latencyMs?.p99],
  ['first_token_mean_ms', ({ timeToFirstTokenMs }) => timeToFirstTokenMs?.mean],
  ['first_token_p95_ms', ({ timeToFirstTokenMs }) => timeToFirstTokenMs?.p95],
  ['first_token_p99_ms', ({ timeToFirstTokenMs }) => timeToFirstTokenMs?.p99],
];

/** CSV as in RFC 4180; unknown values are empty. */
export function toUsageCsv(rows: readonly UsageRow[]): string {
  const lines = rows.map((row) => columns.map(([, valueOf]) => toCell(valueOf(row))));
  return [columns.map(([name]) => name), ...lines]
    .map((cells) => `${cells.join(',')}\r\n`)
    .join('');
}

function toCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  // A spreadsheet would run text with this beginning as a formula.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
