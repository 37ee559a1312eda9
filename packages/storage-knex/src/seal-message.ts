import { checksum, CHECKSUM_LENGTH, hashParts, sumColumns, sumText, toDigits } from './checksum.ts';
import { messageFieldColumns, valuesOfNewer } from './field-columns.ts';
import type { MessageRow } from './rows.ts';

// Each rule has a number. Before rule 2, the seal was the hash of the parts in 64 digits; the seals
// of rule 2 were replaced by that hash again.
const RULE = '3';
const RULED = `${RULE}.`;
const PROMPT_SEAL_LENGTH = RULED.length + CHECKSUM_LENGTH;
const SEAL_LENGTH = PROMPT_SEAL_LENGTH + 1 + CHECKSUM_LENGTH;

/**
 * The part of a seal that covers a request, in SQL; empty if the message is not at its position.
 */
export const PROMPT_SEAL_SQL = `case when content_sha256 like '${RULED}%'
    and substr(content_sha256, ${SEAL_LENGTH + 1}) <> '.' || seq || '.' || turn || '.'
      || coalesce(cast(variant_of as text), '') || '.' || active
  then '' else substr(content_sha256, 1, ${PROMPT_SEAL_LENGTH}) end`;

/** The columns that requests are built from. */
export const promptColumns = [
  ...(['seq', 'turn', 'role', 'parts', 'provider', 'model', 'content_sha256'] as const),
  ...(['asked_provider', 'asked_model'] as const),
] satisfies (keyof MessageRow)[];

export type PromptRow = Pick<MessageRow, (typeof promptColumns)[number]>;
export type ReadRow = Omit<MessageRow, 'row_number' | 'search_text'>;
type Unsealed<Row> = Omit<Row, 'content_sha256'>;

type Place = Pick<MessageRow, 'seq' | 'turn' | 'variant_of' | 'active'>;

/**
 * A seal over everything stored of a message: a checksum of the columns for requests, a checksum of
 * the others, and, in plain digits, the position in the session, which the database may assign or
 * change.
 */
export function sealMessage(row: Unsealed<ReadRow>): string {
  const told = toDigits(sumText(row.parts, sumAnswerer(row, sumColumns([row.session_id]))));
  return sealAt(`${RULED}${told}.${sumOthers(row)}`, row);
}

function sumAnswerer(row: Omit<Unsealed<PromptRow>, 'parts'>, sum: number): number {
  return sumColumns([row.role, row.provider, row.model, row.asked_provider, row.asked_model], sum);
}

/** The seal of the same message at another position. */
export function sealAt(seal: string, { seq, turn, variant_of, active }: Place): string {
  return `${sealWithoutPlace(seal)}.${seq}.${turn}.${variant_of ?? ''}.${active}`;
}

export function sealWithoutPlace(seal: string): string {
  return seal.slice(0, SEAL_LENGTH);
}

/** The SQL form of `sealAt` for an active message: `?` is the part before the position. */
export const SEAL_AT_SQL = `? || '.' || (next_seq - 1) || '.' || current_turn || '.'
  || coalesce(cast(current_variant_of as text), '') || '.1'`;

/** The SQL for a seal with `active` changed. */
export const SEAL_ACTIVE_SQL = `case when content_sha256 like '${RULED}%'
  then substr(content_sha256, 1, length(content_sha256) - 1) || ? else content_sha256 end`;

/** For rows of a session whose seals were shortened by the SQL above. */
export function promptCheck(sessionId: string): (row: PromptRow) => boolean {
  const start = sumColumns([sessionId]);
  // Consecutive messages of a role mostly come from the same model, and the checksum of those
  // columns takes as long as that of a text.
  const newest = new Map<string, { row: PromptRow; sum: number }>();
  const sumBefore = (row: PromptRow): number => {
    const known = newest.get(row.role);
    if (known && isSameAnswerer(known.row, row)) return known.sum;
    const sum = sumAnswerer(row, start);
    newest.set(row.role, { row, sum });
    return sum;
  };
  return (row) => {
    // On a damaged page a text may have turned into anything.
    const [seal, parts]: unknown[] = [row.content_sha256, row.parts];
    if (typeof seal !== 'string' || typeof parts !== 'string') return false;
    if (!seal.startsWith(RULED)) return seal === hashParts(parts).slice(0, PROMPT_SEAL_LENGTH);
    const sum = sumText(parts, sumBefore(row));
    return (
      seal.length === PROMPT_SEAL_LENGTH && Number.parseInt(seal.slice(RULED.length), 16) === sum
    );
  };
}

function isSameAnswerer(a: PromptRow, b: PromptRow): boolean {
  return (
    a.model === b.model &&
    a.provider === b.provider &&
    a.asked_model === b.asked_model &&
    a.asked_provider === b.asked_provider
  );
}

export function isMessageIntact(row: ReadRow): boolean {
  const [seal, parts]: unknown[] = [row.content_sha256, row.parts];
  if (typeof seal !== 'string' || typeof parts !== 'string') return false;
  return seal === (seal.startsWith(RULED) ? sealMessage(row) : hashParts(parts));
}

/**
 * The columns that rule 3 sums in addition to those of requests and the position. Their order never
 * changes.
 */
const otherColumns = [
  ...(['id', 'status', 'input_tokens', 'output_tokens', 'cache_read_tokens'] as const),
  ...(['cache_write_tokens', 'reasoning_tokens', 'usage_estimated', 'cost_nano_usd'] as const),
  ...(['price', 'latency_ms', 'time_to_first_token_ms', 'finish_reason', 'error'] as const),
  ...(['copy_of', 'created_at'] as const),
] satisfies (keyof ReadRow)[];
const knownColumns: ReadonlySet<string> = new Set<keyof ReadRow>([
  ...[...promptColumns, ...otherColumns],
  ...(['session_id', 'variant_of', 'active'] as const),
]);
const newerColumns = messageFieldColumns.filter(({ column }) => !knownColumns.has(column));

function sumOthers(row: Unsealed<ReadRow>): string {
  const values: unknown[] = [];
  for (const column of otherColumns) {
    values.push(column === 'status' ? statusOf(row) : row[column]);
  }
  if (newerColumns.length > 0) values.push(...valuesOfNewer(newerColumns, row));
  return checksum(values);
}

/**
 * The next holder of the lease changes `running` into `interrupted`, for many messages in one
 * statement.
 */
function statusOf({ status }: Pick<MessageRow, 'status'>): string {
  return status === 'running' ? 'interrupted' : status;
}
