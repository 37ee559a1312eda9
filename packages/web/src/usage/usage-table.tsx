import { toCount, toDollars } from '../conversation/figures.ts';
import { toVisible } from '../markdown/visible-text.tsx';
import { measureOf, toShares, type Grouping, type Measure, type UsageRow } from './usage.ts';

interface UsageTableProps {
  rows: readonly UsageRow[];
  by: Grouping;
  measure: Measure;
  /** The address of a session. */
  hrefOf: (sessionId: string) => string;
}

const names = { day: 'Day (UTC)', model: 'Model', session: 'Session', tag: 'Tag' };

/** Each bar is a picture of the figure beside it: the table alone says everything. */
export function UsageTable({ rows, by, measure, hrefOf }: UsageTableProps) {
  const shares = toShares(rows.map((row) => measureOf(row, measure)));
  return (
    <div class="wide-table" role="region" aria-label="Usage" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{names[by]}</th>
            <td aria-hidden="true" />
            <th scope="col">Cost</th>
            <th scope="col">Tokens in</th>
            <th scope="col">Tokens out</th>
            <th scope="col">Answers</th>
            <th scope="col">Failed</th>
            <th scope="col">Seconds, mean</th>
            <th scope="col">Seconds, 95 %</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={row.key}>
              <th scope="row" dir="auto">
                {by === 'session' && row.key !== null ? (
                  <a href={hrefOf(row.key)}>{toVisible(row.label)}</a>
                ) : (
                  toVisible(row.label)
                )}
              </th>
              <td aria-hidden="true">
                <Bar share={shares[index] ?? null} />
              </td>
              <td>
                <Cost row={row} />
              </td>
              <td>{toCount(row.inputTokens)}</td>
              <td>{toCount(row.outputTokens)}</td>
              <td>{row.answerCount}</td>
              <td>{row.failedCount}</td>
              <td>{toSeconds(row.latencyMs?.mean)}</td>
              <td>{toSeconds(row.latencyMs?.p95)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** While an answer has no price, the sum is only a lower bound. */
function Cost({ row: { costUsd, unpricedCount } }: { row: UsageRow }) {
  if (costUsd === null) return <>no price</>;
  if (unpricedCount === 0) return <>{toDollars(costUsd)}</>;
  return (
    <>
      ≥ {toDollars(costUsd)} <small>({unpricedCount} without a price)</small>
    </>
  );
}

function Bar({ share }: { share: number | null }) {
  return (
    <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none">
      {share !== null && <rect width={Math.max(share * 100, share > 0 ? 1 : 0)} height="10" />}
    </svg>
  );
}

function toSeconds(ms: number | undefined): string {
  return ms === undefined ? '' : (ms / 1000).toFixed(1);
}
