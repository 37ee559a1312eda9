import { DIGEST_LENGTH, digestColumns, hexDigest, sumColumns } from './digest.ts';
import type { MessageRow } from './rows.ts';

// A new rule gets a new number: rows are checked by the rule that they were sealed by. Until rule 2,
// the hash of the parts in 64 digits was all that there was.
const RULE = '2';
const RULED = `${RULE}.`;
const SUM_LENGTH = 8;
const SEAL_LENGTH = RULE.length + 1 + SUM_LENGTH + 1 + DIGEST_LENGTH;
const TOLD_LENGTH = RULE.length + 1 + SUM_LENGTH + 1;
/** The seal without the digest of what requests don't need, in SQL. */
export const TOLD_SEAL_SQL = `substr(content_sha256, 1, ${TOLD_LENGTH}) || substr(content_sha256, ${SEAL_LENGTH + 1})`;

/** What requests are made of, and what it is checked by. */
export const toldColumns = [
  ...(['seq', 'turn', 'role', 'parts', 'provider', 'model', 'content_sha256'] as const),
  ...(['asked_provider', 'asked_model'] as const),
] satisfies (keyof MessageRow)[];

/** What a message is made of again, and what it is checked by; not what it is searched by. */
export const messageColumns = [
  ...toldColumns,
  ...(['id', 'session_id', 'status', 'input_tokens', 'output_tokens'] as const),
  ...(['cache_read_tokens', 'cache_write_tokens', 'reasoning_tokens'] as const),
  ...(['usage_estimated', 'cost_nano_usd', 'price', 'latency_ms'] as const),
  ...(['time_to_first_token_ms', 'finish_reason', 'error', 'copy_of', 'created_at'] as const),
  ...(['variant_of', 'active'] as const),
] satisfies (keyof MessageRow)[];

export type ToldRow = Pick<MessageRow, (typeof toldColumns)[number]>;
export type ReadRow = Pick<MessageRow, (typeof messageColumns)[number]>;
type Unsealed<Row> = Omit<Row, 'content_sha256'>;

type Place = Pick<MessageRow, 'seq' | 'turn' | 'variant_of' | 'active'>;

/**
 * A check of everything that is stored of a message: a sum of what requests need, a digest of all, and,
 * in plain figures, the place in the session, which may be given or changed by the database.
 */
export function sealMessage(row: Unsealed<ReadRow>): string {
  return sealAt(`${sealTold(row, row.session_id)}${digestAll(row)}`, row);
}

function sealTold(row: Unsealed<ToldRow>, sessionId: string): string {
  const { role, provider, model, parts } = row;
  return `${RULE}.${sumColumns([sessionId, role, provider, model, ...laterColumns(row)], parts)}.`;
}

/** Columns that came after the rule count where they are filled, so that older rows keep their seal. */
function laterColumns({ asked_provider, asked_model }: Unsealed<ToldRow>): unknown[] {
  return asked_provider === null && asked_model === null ? [] : [asked_provider, asked_model];
}

/** The same seal, of the same message at another place. */
export function sealAt(seal: string, { seq, turn, variant_of, active }: Place): string {
  return `${sealWithoutPlace(seal)}.${seq}.${turn}.${variant_of ?? ''}.${active}`;
}

export function sealWithoutPlace(seal: string): string {
  return seal.slice(0, SEAL_LENGTH);
}

/** What `sealAt` writes of an active message, in SQL: before the seal is `?`. */
export const SEAL_AT_SQL = `? || '.' || (next_seq - 1) || '.' || current_turn || '.'
  || coalesce(cast(current_variant_of as text), '') || '.1'`;

/** A seal to which `active` is given, in SQL. */
export const SEAL_ACTIVE_SQL = `case when content_sha256 like '${RULED}%'
  then substr(content_sha256, 1, length(content_sha256) - 1) || ? else content_sha256 end`;

/** Of a row whose seal was shortened by `TOLD_SEAL_SQL`. */
export function isToldIntact(row: ToldRow, sessionId: string): boolean {
  // On a damaged page a text may have become anything.
  const [seal, parts]: unknown[] = [row.content_sha256, row.parts];
  if (typeof seal !== 'string' || typeof parts !== 'string') return false;
  if (!seal.startsWith(RULED)) return seal.startsWith(hexDigest(parts).slice(0, TOLD_LENGTH));
  return seal.startsWith(`${sealTold(row, sessionId)}.${row.seq}.${row.turn}.`);
}

export function isMessageIntact(row: ReadRow): boolean {
  const [seal, parts]: unknown[] = [row.content_sha256, row.parts];
  if (typeof seal !== 'string' || typeof parts !== 'string') return false;
  if (!seal.startsWith(RULED)) return hexDigest(parts) === seal;
  return seal === sealAt(`${seal.slice(0, TOLD_LENGTH)}${digestAll(row)}`, row);
}

function digestAll(row: Unsealed<ReadRow>): string {
  return digestColumns(
    [
      ...[row.id, row.session_id, row.role, row.provider, row.model, statusOf(row)],
      ...[row.input_tokens, row.output_tokens, row.cache_read_tokens, row.cache_write_tokens],
      ...[row.reasoning_tokens, row.usage_estimated, row.cost_nano_usd, row.price],
      ...[row.latency_ms, row.time_to_first_token_ms, row.finish_reason, row.error, row.copy_of],
      ...[row.created_at, ...laterColumns(row)],
    ],
    row.parts,
  );
}

/** The next holder of the lease turns one into the other, for many messages in one statement. */
function statusOf({ status }: Pick<MessageRow, 'status'>): string {
  return status === 'running' ? 'interrupted' : status;
}
