import { describe, expect, it } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import { BudgetLines } from './budget-lines.tsx';
import { UsageTable } from './usage-table.tsx';
import { measureOf, sumUp, toShares, type UsageRow } from './usage.ts';

function aRow(row: Partial<UsageRow>): UsageRow {
  return {
    ...{ key: 'a', label: 'a', answerCount: 1, failedCount: 0, inputTokens: 0, outputTokens: 0 },
    ...{ costUsd: 0, unpricedCount: 0, latencyMs: null, ...row },
  };
}

const table = (rows: UsageRow[], by: 'day' | 'session' = 'day') =>
  renderToString(
    <UsageTable rows={rows} by={by} measure="cost" hrefOf={(id) => `#/sessions/${id}`} />,
  );

describe('the usage', () => {
  it('has bars as long as their share of the largest value', () => {
    const rows = [aRow({ key: 'a', costUsd: 4 }), aRow({ key: 'b', costUsd: 1 })];
    expect(table(rows).match(/<rect width="(\d+)"/g)).toEqual([
      '<rect width="100"',
      '<rect width="25"',
    ]);
    expect(toShares([null, 0])).toEqual([null, 0]);
    expect(toShares([])).toEqual([]);
  });

  it('shows where a price is unknown, and never as zero', () => {
    expect(table([aRow({ costUsd: null, unpricedCount: 2 })])).toContain('<td>no price</td>');
    expect(table([aRow({ costUsd: 0.5, unpricedCount: 2 })])).toContain(
      '≥ $0.50 <small>(2 without a price)</small>',
    );
    expect(table([aRow({ costUsd: null })])).not.toContain('<rect');
    expect(sumUp([aRow({ costUsd: null, unpricedCount: 1 })])).toMatchObject({ costUsd: null });
    expect(sumUp([aRow({ costUsd: null, unpricedCount: 3 }), aRow({ costUsd: 2 })])).toMatchObject({
      ...{ costUsd: 2, unpricedCount: 3, answerCount: 2 },
    });
    expect(sumUp([])).toMatchObject({ costUsd: 0, answerCount: 0 });
  });

  it('measures cost, tokens and time', () => {
    const latencyMs = { mean: 1500, p95: 2000 };
    const row = aRow({ inputTokens: 3, outputTokens: 4, costUsd: 0.1, latencyMs });
    expect(measureOf(row, 'cost')).toBe(0.1);
    expect(measureOf(row, 'tokens')).toBe(7);
    expect(measureOf(row, 'latency')).toBe(1500);
    expect(table([row])).toContain('<td>1.5</td><td>2.0</td>');
  });

  it('leads to a session, whose name may be hostile', () => {
    const html = table([aRow({ key: 'id', label: '<b>\u202Egpj.exe' })], 'session');
    expect(html).toContain('<a href="#/sessions/id">&lt;b>');
    expect(html).toContain('U+202E');
    expect(table([aRow({ key: null, label: '(none)' })], 'session')).not.toContain('<a ');
  });
});

describe('the budget', () => {
  it('shows what is left of today, and only the limit of what has no sum', () => {
    const html = renderToString(
      <BudgetLines
        limits={[
          { period: 'run', limitUsd: 1, usedUsd: null, leftUsd: null },
          { period: 'day', limitUsd: 3, usedUsd: 1.5, leftUsd: 1.5 },
        ]}
      />,
    );
    expect(html).toContain('Limit of a run: $1.00</li>');
    expect(html).toContain('Limit of today (UTC): $3.00, $1.50 left');
    expect(html).toContain('<meter max="3" value="1.5" aria-label="Used of today (UTC)">');
    expect(renderToString(<BudgetLines limits={[]} />)).toContain('No cost limit is set.');
  });
});
