import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { get } from '../api/client.ts';
import { toCount, toDollars } from '../conversation/figures.ts';
import { SidebarButton } from '../frame/sidebar-button.tsx';
import { Choice } from '../frame/choice.tsx';
import { sessionPath } from '../router.ts';
import { describeProblem } from '../state/notices.ts';
import { BudgetLines } from './budget-lines.tsx';
import { UsageTable } from './usage-table.tsx';
import { sumUp, type BudgetLimit, type Grouping, type Measure, type UsageRow } from './usage.ts';

const groupings = { day: 'Day', model: 'Model', session: 'Session', tag: 'Tag' } as const;
const periods = { '7d': '7 days', '30d': '30 days', '1y': 'Year', all: 'All' } as const;
const measures = { cost: 'Cost', tokens: 'Tokens', latency: 'Time' } as const;

/** Cost, tokens and time of the answers, and what is left of the limits. */
export default function UsageView() {
  const by = useSignal<Grouping>('day');
  const period = useSignal<keyof typeof periods>('30d');
  const measure = useSignal<Measure>('cost');
  const loaded = useSignal<{ by: Grouping; rows: UsageRow[]; limits: BudgetLimit[] } | null>(null);
  const problem = useSignal<unknown>(null);
  useEffect(() => {
    const closing = new AbortController();
    const { signal } = closing;
    const grouping = by.value;
    const since = period.value === 'all' ? undefined : period.value;
    Promise.all([
      get<{ items: UsageRow[] }>('/api/usage', { by: grouping, since }, signal),
      get<{ items: BudgetLimit[] }>('/api/budget', {}, signal),
    ])
      .then(([usage, budget]) => {
        loaded.value = { by: grouping, rows: usage.items, limits: budget.items };
        problem.value = null;
      })
      .catch((error: unknown) => {
        if (!signal.aborted) problem.value = error;
      });
    return () => closing.abort();
  }, [by.value, period.value]);
  return (
    <section class="page-view">
      <header class="session-head">
        <SidebarButton />
        <h1>Usage</h1>
      </header>
      <div class="choices">
        <Choice label="Group by" choices={groupings} value={by} />
        <Choice label="Period" choices={periods} value={period} />
        <Choice label="Bars" choices={measures} value={measure} />
      </div>
      {problem.value !== null && (
        <p class="problem" role="alert">
          {describeProblem(problem.value).text}
        </p>
      )}
      {loaded.value === null && problem.value === null && <p class="view-state">Loading …</p>}
      {loaded.value !== null && (
        <>
          <BudgetLines limits={loaded.value.limits} />
          <Sum {...loaded.value} />
          <UsageTable
            {...loaded.value}
            measure={measure.value}
            hrefOf={(id) => `#${sessionPath(id)}`}
          />
        </>
      )}
    </section>
  );
}

function Sum({ rows, by }: { rows: readonly UsageRow[]; by: Grouping }) {
  if (rows.length === 0) return <p class="view-state">No answers in this period.</p>;
  if (by === 'tag') {
    return <p class="remark">An answer counts once for each tag of its session.</p>;
  }
  const { answerCount, tokens, costUsd, unpricedCount } = sumUp(rows);
  return (
    <p role="status">
      Answers: {answerCount}, tokens: {toCount(tokens)}, cost: {toDollars(costUsd)}
      {costUsd !== null && unpricedCount > 0 && `, without the ${unpricedCount} that have no price`}
      .
    </p>
  );
}
