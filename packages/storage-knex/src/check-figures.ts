import type { CheckFinding } from '@synapse/core';
import type { Database } from './database.ts';
import { IS_CALL, selectSpent } from './ledger.ts';
import type { MessageRow } from './rows.ts';
import type { Tables } from './tables.ts';

const COUNTS = `sum(case when active = 0 or role in ('context', 'title') then 0 else 1 end)
    as message_count,
  sum(case when active = 1 and role = 'user' then 1 else 0 end) as turn_count,
  max(turn) as last_turn,
  max(seq) as last_seq`;
const COUNTED = ['message_count', 'turn_count'] as const;
const SPENT = ['input_tokens', 'output_tokens', 'cost_nano_usd', 'unpriced_count'] as const;
const FIGURES = [...COUNTED, ...SPENT] as const;

type Figure = (typeof FIGURES)[number];
type Kept = Record<Figure | 'next_seq' | 'last_turn' | 'current_turn', number> & { id: string };
type Counted = Record<
  `counted_${Figure | 'last_seq' | 'last_turn' | 'current_turn'}`,
  number | string | null
>;

/**
 * Recomputes the counts and sums of sessions, and finds calls that are missing in the ledger. Each
 * check is one statement, so that concurrent writers do not matter.
 */
export async function checkFigures(database: Database): Promise<CheckFinding[]> {
  return [...(await findWrongSums(database)), ...(await findMissingEntries(database))];
}

function findMissingEntries(database: Database): Promise<CheckFinding[]> {
  return database.read(async (tables) => {
    const rows = await tables
      .from('messages')
      .innerJoin('sessions', 'sessions.id', 'messages.session_id')
      .leftJoin('ledger', 'ledger.id', 'messages.id')
      .where('sessions.purged', 0)
      .whereNull('ledger.id')
      .whereNull('messages.copy_of')
      .whereRaw(IS_CALL)
      .select<Pick<MessageRow, 'id' | 'session_id'>[]>('messages.id', 'messages.session_id');
    return rows.map(({ id, session_id }) => {
      const text = `The ledger has no entry for the answer ${id} of session ${session_id}.`;
      return { kind: 'reference' as const, sessionId: session_id, text };
    });
  });
}

function findWrongSums(database: Database): Promise<CheckFinding[]> {
  return database.read(async (tables) => {
    const rows = await selectBoth(tables);
    return rows.flatMap((row) => {
      const wrong: string[] = FIGURES.filter(
        (figure) => row[figure] !== Number(row[`counted_${figure}`] ?? 0),
      );
      if (row.next_seq <= Number(row.counted_last_seq ?? 0)) wrong.push('next_seq');
      if (row.last_turn < Number(row.counted_last_turn ?? 0)) wrong.push('last_turn');
      if (row.current_turn !== Number(row.counted_current_turn ?? 0)) wrong.push('current_turn');
      if (wrong.length === 0) return [];
      const text = `Session ${row.id} does not match its messages and the ledger: ${wrong.join(', ')}.`;
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
  const spent = selectSpent(tables).as('spent');
  return tables
    .from('sessions')
    .leftJoin(counted, 'counted.session_id', 'sessions.id')
    .leftJoin(spent, 'spent.session_id', 'sessions.id')
    .where('sessions.purged', 0)
    .select<(Kept & Counted)[]>(
      'sessions.id',
      ...['next_seq', 'last_turn', 'current_turn', ...FIGURES].map(
        (figure) => `sessions.${figure}`,
      ),
      ...['last_seq', 'last_turn', ...COUNTED].map(
        (figure) => `counted.${figure} as counted_${figure}`,
      ),
      ...SPENT.map((figure) => `spent.${figure} as counted_${figure}`),
      tables.query.raw(
        `(select turn from ?? m where m.session_id = sessions.id and m.active = 1
          order by m.seq desc limit 1) as counted_current_turn`,
        [tables.nameOf('messages')],
      ),
    );
}
