import { toDollars, toDuration, toShortNumber } from '@synapse/core/words';
import { toBar, toTable, type TableColumn } from '@synapse/terminal';
import type { OutputStyle } from '../output/output-style.ts';
import type { UsageRow } from '@synapse/app/usage/usage-rows';

const BAR_COLUMNS = 12;

/** One line for each group, with bars by cost, or by tokens where nothing has a price. */
export function toUsageTable(
  by: string,
  rows: readonly UsageRow[],
  outputStyle: OutputStyle,
): string {
  const isPriced = rows.some(({ costUsd }) => costUsd !== null && costUsd > 0);
  const sizeOf = (row: UsageRow) => (isPriced ? (row.costUsd ?? 0) : tokensOf(row));
  const largest = Math.max(0, ...rows.map(sizeOf));
  const columns: TableColumn<UsageRow>[] = [
    { title: by.toUpperCase(), text: ({ label }) => label, isFlexible: true, fewest: 18 },
    { title: 'COST', text: costText, align: 'right' },
    { title: 'TOKENS', text: (row) => toShortNumber(tokensOf(row)), align: 'right' },
    ...(outputStyle.columns === undefined
      ? []
      : [
          {
            title: isPriced ? 'BY COST' : 'BY TOKENS',
            text: (row: UsageRow) => toBar(sizeOf(row), largest, BAR_COLUMNS),
            paint: outputStyle.style.cyan,
          },
        ]),
    { title: 'ANSWERS', text: ({ answerCount }) => toShortNumber(answerCount), align: 'right' },
    { title: 'FAILED', text: failedText, align: 'right' },
    { title: 'MEAN', text: ({ latencyMs }) => toDuration(latencyMs?.mean), align: 'right' },
    { title: 'P95', text: ({ latencyMs }) => toDuration(latencyMs?.p95), align: 'right' },
    { title: 'P99', text: ({ latencyMs }) => toDuration(latencyMs?.p99), align: 'right' },
    {
      title: 'FIRST',
      text: ({ timeToFirstTokenMs }) => toDuration(timeToFirstTokenMs?.mean),
      align: 'right',
    },
  ];
  return toTable(columns, rows, outputStyle);
}

function tokensOf({ inputTokens, outputTokens }: UsageRow): number {
  return inputTokens + outputTokens;
}

/** Without some of the prices, the sum is a lower bound. */
function costText({ costUsd, unpricedCount }: UsageRow): string {
  return `${costUsd !== null && unpricedCount > 0 ? '≥' : ''}${toDollars(costUsd)}`;
}

function failedText({ failedCount, failureRate }: UsageRow): string {
  return failedCount === 0 ? '0' : `${failedCount} (${Math.round(failureRate * 100)} %)`;
}
