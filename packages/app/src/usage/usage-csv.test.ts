import { describe, expect, it } from '@jest/globals';
import { toUsageCsv } from './usage-csv.ts';
import type { UsageRow } from './usage-rows.ts';

const row: UsageRow = {
  ...{ key: 'x', label: 'x', answerCount: 2, failedCount: 1, interruptedCount: 0 },
  ...{ inputTokens: 3, outputTokens: 4, cacheReadTokens: 0, cacheWriteTokens: 0 },
  ...{ reasoningTokens: 0, costUsd: 0.5, unpricedCount: 0, failureRate: 0.5 },
  ...{ latencyMs: { mean: 1.5, p95: 2, p99: 3 }, timeToFirstTokenMs: null },
};

const cellsOf = (changed: Partial<UsageRow>) =>
  toUsageCsv([{ ...row, ...changed }]).split('\r\n')[1];

describe('toUsageCsv', () => {
  it('leaves unknown values empty', () => {
    expect(cellsOf({})).toBe('x,x,2,1,0,3,4,0,0,0,0.5,0,1.5,2,3,,,');
    expect(cellsOf({ costUsd: null })).toContain(',0,0,0,,0,');
  });

  it('quotes values that would break a line or a cell', () => {
    expect(cellsOf({ label: 'a "b", c\nd' })).toContain('"a ""b"", c\nd"');
  });

  it('never turns a title into a formula', () => {
    expect(cellsOf({ label: '=HYPERLINK("x")' })).toContain(`"'=HYPERLINK(""x"")"`);
    expect(cellsOf({ label: '@sum' })).toContain(`,'@sum,`);
  });
});
