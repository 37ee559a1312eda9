import { toDollars } from '../conversation/figures.ts';
import type { BudgetLimit } from './usage.ts';

const names = { run: 'of a run', session: 'of a session', day: 'of today (UTC)' };

/** The limits that are set; the one of today with what is left of it. */
export function BudgetLines({ limits }: { limits: readonly BudgetLimit[] }) {
  if (limits.length === 0) {
    return (
      <p class="remark">
        No cost limit is set. <code>synapse config set limits.max_cost_day 5</code> sets one.
      </p>
    );
  }
  return (
    <ul class="budget">
      {limits.map(({ period, limitUsd, usedUsd, leftUsd }) => (
        <li key={period}>
          Limit {names[period]}: {toDollars(limitUsd)}
          {usedUsd !== null && leftUsd !== null && (
            <>
              , {toDollars(leftUsd)} left{' '}
              <meter max={limitUsd} value={usedUsd} aria-label={`Used ${names[period]}`} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
