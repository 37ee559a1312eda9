import type { ContextReport } from '../api/types.ts';
import { toCount } from './figures.ts';

/** How much of the context window the next request takes. */
export function ContextMeter({ report }: { report: ContextReport }) {
  const { totalTokens, budgetTokens, windowTokens, isEstimated } = report;
  const most = budgetTokens ?? windowTokens;
  const about = isEstimated ? 'about ' : '';
  if (most === null) {
    return <small class="context">{`${about}${toCount(totalTokens)} tokens`}</small>;
  }
  return (
    <small class="context" title="Of the context window, the next request takes this much">
      <meter
        {...{ min: 0, max: most, value: totalTokens, high: most * 0.8 }}
        aria-label="Context"
      />
      {`${about}${toCount(totalTokens)} of ${toCount(most)}`}
    </small>
  );
}
