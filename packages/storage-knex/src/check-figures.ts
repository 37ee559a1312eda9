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

type Counts = Record<(typeof FIGURES)[number] | 'last_seq', number | string>;

/** Counts again what the sessions keep of their messages. */
export function checkFigures(database: Database): Promise<CheckFinding[]> {
  return database.read(async (tables) => {
    const counted = await countMessages(tables);
    const sessions = await tables.from('sessions').select('id', 'next_seq', ...FIGURES);
    return sessions.flatMap((session) => {
      const counts = counted.get(session.id);
      const wrong: string[] = FIGURES.filter(
        (figure) => session[figure] !== Number(counts?.[figure] ?? 0),
      );
      if (session.next_seq <= Number(counts?.last_seq ?? 0)) wrong.push('next_seq');
      if (wrong.length === 0) return [];
      const text = `Session ${session.id} does not fit its messages: ${wrong.join(', ')}.`;
      return [{ kind: 'figures' as const, sessionId: session.id, text }];
    });
  });
}

async function countMessages(tables: Tables): Promise<Map<string, Counts>> {
  const rows = await tables
    .from('messages')
    .groupBy('session_id')
    .select<(Counts & { session_id: string })[]>('session_id', tables.query.raw(COUNTS));
  return new Map(rows.map((row) => [row.session_id, row]));
}
