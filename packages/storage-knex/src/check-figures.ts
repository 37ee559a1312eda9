import type { CheckFinding } from '@synapse/core';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

const COUNTS = `sum(case when role in ('context', 'title') then 0 else 1 end) as message_count,
  sum(case when role = 'user' then 1 else 0 end) as turn_count,
  coalesce(sum(input_tokens), 0) as input_tokens,
  coalesce(sum(output_tokens), 0) as output_tokens,
  coalesce(sum(cost_nano_usd), 0) as cost_nano_usd,
  sum(case when price is null and (role = 'assistant'
    or (role in ('context', 'title') and usage_estimated is not null)) then 1 else 0 end
  ) as unpriced_count,
  max(seq) as last_seq`;
const FIGURES = [
  'message_count',
  'turn_count',
  'input_tokens',
  'output_tokens',
  'cost_nano_usd',
  'unpriced_count',
] as const;

type Figure = (typeof FIGURES)[number];
type Kept = Record<Figure | 'next_seq', number> & { id: string };
type Counted = Record<`counted_${Figure | 'last_seq'}`, number | string | null>;

/** Counts again what the sessions keep of their messages; at one moment, whoever writes meanwhile. */
export function checkFigures(database: Database): Promise<CheckFinding[]> {
  return database.read(async (tables) => {
    const rows = await selectBoth(tables);
    return rows.flatMap((row) => {
      const wrong: string[] = FIGURES.filter(
        (figure) => row[figure] !== Number(row[`counted_${figure}`] ?? 0),
      );
      if (row.next_seq <= Number(row.counted_last_seq ?? 0)) wrong.push('next_seq');
      if (wrong.length === 0) return [];
      const text = `Session ${row.id} does not fit its messages: ${wrong.join(', ')}.`;
      return [{ kind: 'figures' as const, sessionId: row.id, text }];
    });
  });
}

function selectBoth(tables: Tables) {
  const counted = tables
    .from('messages')
    .groupBy('session_id')
    .select('session_id', tables.query.raw(COUNTS))
    .as('counted');
  return tables
    .from('sessions')
    .leftJoin(counted, 'counted.session_id', 'sessions.id')
    .where('sessions.purged', 0)
    .select<(Kept & Counted)[]>(
      'sessions.id',
      ...['next_seq', ...FIGURES].map((figure) => `sessions.${figure}`),
      ...['last_seq', ...FIGURES].map((figure) => `counted.${figure} as counted_${figure}`),
    );
}
