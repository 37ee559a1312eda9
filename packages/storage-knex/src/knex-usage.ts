import type { UsageGroup, UsageGrouping, UsageQuery, UsageStore } from '@synapse/core';
import type { OwnerFilter } from '@synapse/core/server';
import {
  IMPORT_ORIGIN,
  orderGroups,
  type SessionTotals,
  type Spread,
} from '@synapse/core/store-kit';
import type { Database } from './database.ts';
import { IS_UNPRICED } from './ledger.ts';
import { callsOfOwner, filterByOwner } from './owner.ts';
import { noCountColumns } from './session-rows.ts';
import { fromStoredText, fromStoredTextOrNull, toStoredText } from './stored-text.ts';
import type { Tables } from './tables.ts';

const DAY_MS = 86_400_000;
const TAGS = `left join ?? t on t.session_id = c.session_id
  and t.session_id not in (select id from ?? where purged <> 0)`;

/** The session of an imported call knows its tool. */
const IMPORTED_SESSIONS = `left join ?? s on s.id = c.session_id and s.purged = 0
  and c.origin = '${IMPORT_ORIGIN}'`;
const ORIGIN = 'coalesce(s.origin, c.origin)';

const keyColumns: Record<UsageGrouping, string> = {
  day: `(c.created_at - (c.created_at % ${DAY_MS}))`,
  model: "c.provider || '/' || c.model",
  provider: 'c.provider',
  session: 'c.session_id',
  tag: 't.tag',
  origin: ORIGIN,
};

const sum = (column: string) => `cast(coalesce(sum(${column}), 0) as bigint) as ${column}`;
const count = (name: string, condition: string) =>
  `cast(sum(case when ${condition} then 1 else 0 end) as bigint) as ${name}`;
/** The nearest-rank percentile, in whole numbers. */
const spread = (column: string, name: string) =>
  [
    `avg(${column}) as ${name}_mean`,
    ...[95, 99].map(
      (percent) =>
        `max(case when ${name}_rank = (${name}_count * ${percent} + 99) / 100 then ${column} end) as ${name}_p${percent}`,
    ),
  ].join(', ');
const ranks = (column: string, name: string) =>
  `row_number() over (partition by group_key order by ${column} nulls last) as ${name}_rank,
   count(${column}) over (partition by group_key) as ${name}_count`;

interface GroupRow extends Record<
  `${'latency' | 'first'}_${'mean' | 'p95' | 'p99'}`,
  number | null
> {
  group_key: string | number | null;
  answers: number;
  failed: number;
  interrupted: number;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  reasoning_tokens: number;
  cost_nano_usd: number;
  unpriced: number;
}

export class KnexUsage implements UsageStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async usage(query: UsageQuery): Promise<UsageGroup[]> {
    const rows = await this.#database.read((tables) => readGroups(tables, query));
    return orderGroups(
      rows.map((row) => toGroup(row, query.by)),
      query.by,
    );
  }

  async sessionTotals({ owner }: OwnerFilter = {}): Promise<SessionTotals[]> {
    const rows = await this.#database.read((tables) => readTotals(tables, owner));
    return rows.map((row) => ({
      provider: fromStoredTextOrNull(row.provider),
      model: fromStoredTextOrNull(row.model),
      livingCount: row.living,
      archivedCount: row.archived,
      pinnedCount: row.pinned,
      trashedCount: row.trashed,
      messageCount: row.message_count,
      turnCount: row.turn_count,
    }));
  }
}

type TotalsRow = Record<keyof typeof noCountColumns, number> &
  Record<'living' | 'archived' | 'pinned' | 'trashed', number> &
  Record<'provider' | 'model', string | null>;

function readTotals(tables: Tables, owner: string | null | undefined): Promise<TotalsRow[]> {
  const living = 'deleted_at is null';
  const sums = [
    ...Object.keys(noCountColumns).map(sum),
    count('living', living),
    count('archived', `${living} and archived = 1`),
    count('pinned', `${living} and pinned = 1`),
    count('trashed', 'deleted_at is not null'),
  ];
  const select = tables.from('sessions').where('purged', 0);
  filterByOwner(select, owner);
  return select
    .groupBy('provider', 'model')
    .select<TotalsRow[]>('provider', 'model', tables.query.raw(sums.join(', ')));
}

async function readGroups(
  tables: Tables,
  { by, since, before, sessionId, origin, owner }: UsageQuery,
): Promise<GroupRow[]> {
  const name = (table: string) => tables.nameOf(table);
  const values: (string | number)[] = [name('ledger')];
  const conditions: string[] = [];
  const where = (condition: string, ...more: (string | number)[]) => {
    conditions.push(condition);
    values.push(...more);
  };
  // A session that is being purged no longer has tags.
  const tags = by === 'tag' ? TAGS : '';
  if (by === 'tag') values.push(name('session_tags'), name('sessions'));
  const isOfTool = origin !== undefined && origin !== 'any' && origin !== IMPORT_ORIGIN;
  const sessions = by === 'origin' || isOfTool ? IMPORTED_SESSIONS : '';
  if (sessions !== '') values.push(name('sessions'));
  if (since) where('c.created_at >= ?', since.getTime());
  if (before) where('c.created_at < ?', before.getTime());
  if (sessionId !== undefined) where('c.session_id = ?', sessionId);
  if (owner !== undefined) {
    const calls = callsOfOwner(tables, 'c.session_id', owner);
    where(calls.sql, ...calls.values);
  }
  if (origin === undefined) where('c.origin is null');
  else if (isOfTool) where(`${ORIGIN} = ?`, toStoredText(origin));
  else if (origin !== 'any') where('c.origin = ?', origin);
  const result = await tables.query.raw<GroupRow[] | { rows: GroupRow[] }>(
    `with calls as (
       select ${keyColumns[by]} as group_key, c.* from ?? c ${tags} ${sessions}
       ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
     ), ranked as (
       select calls.*, ${ranks('latency_ms', 'latency')},
         ${ranks('time_to_first_token_ms', 'first')}
       from calls
     )
     select group_key, cast(count(*) as bigint) as answers,
       ${count('failed', "status = 'failed'")},
       ${count('interrupted', "status = 'interrupted'")},
       ${sum('input_tokens')}, ${sum('output_tokens')}, ${sum('cache_read_tokens')},
       ${sum('cache_write_tokens')}, ${sum('reasoning_tokens')}, ${sum('cost_nano_usd')},
       ${count('unpriced', IS_UNPRICED)},
       ${spread('latency_ms', 'latency')}, ${spread('time_to_first_token_ms', 'first')}
     from ranked group by group_key`,
    values,
  );
  return Array.isArray(result) ? result : result.rows;
}

function toGroup(row: GroupRow, by: UsageGrouping): UsageGroup {
  return {
    key: toKey(row.group_key, by),
    answerCount: row.answers,
    failedCount: row.failed,
    interruptedCount: row.interrupted,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    cacheReadTokens: row.cache_read_tokens,
    cacheWriteTokens: row.cache_write_tokens,
    reasoningTokens: row.reasoning_tokens,
    costNanoUsd: row.cost_nano_usd,
    unpricedCount: row.unpriced,
    latencyMs: toSpread(row.latency_mean, row.latency_p95, row.latency_p99),
    timeToFirstTokenMs: toSpread(row.first_mean, row.first_p95, row.first_p99),
  };
}

function toKey(key: string | number | null, by: UsageGrouping): string | null {
  if (key === null) return null;
  if (by === 'day') return new Date(Number(key)).toISOString().slice(0, 10);
  return fromStoredText(String(key));
}

function toSpread(mean: number | null, p95: number | null, p99: number | null): Spread | null {
  return mean === null || p95 === null || p99 === null ? null : { mean, p95, p99 };
}
