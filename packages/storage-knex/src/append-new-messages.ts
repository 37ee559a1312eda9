import {
  addFigures,
  noFigures,
  type Lease,
  type Message,
  type NewMessage,
  type SessionFigures,
  type SynapseError,
} from '@synapse/core';
import { figuresOf, ledgerEntryOf, previewFrom } from '@synapse/core/store-kit';
import type { Database } from './database.ts';
import type { SqlDialect, RunSql } from './dialect.ts';
import { hashesOf } from './hold-attachments.ts';
import { toLedgerRow } from './ledger.ts';
import { toMessageRow } from './message-rows.ts';
import type { LedgerRow, MessageRow } from './rows.ts';
import { SEAL_AT_SQL, sealAt, sealWithoutPlace } from './seal-message.ts';
import { toFigureColumns, toPreviewColumns } from './session-rows.ts';

const MAX_MESSAGES = 8;
const NUMBERS: ReadonlySet<string> = new Set(['seq', 'turn', 'variant_of']);

/**
 * Whether the messages may take the short path, provided that none of them is stored yet. Messages
 * before a question belong to another turn than the question; only the long path handles both.
 */
export function areShort(messages: readonly NewMessage[]): boolean {
  const { size } = new Set(messages.map(({ id }) => id));
  const question = messages.findIndex(({ role }) => role === 'user');
  return (
    size > 0 &&
    size === messages.length &&
    size <= MAX_MESSAGES &&
    question <= 0 &&
    !hashesOf(messages).length
  );
}

/**
 * Uses one statement where the database can do that, because every round trip to a server takes
 * time. Undefined if the session can't be written to. Runs into the unique index if one of the
 * messages, or the ledger entry of a removed one, is already stored.
 */
export function appendShort(
  database: Database,
  sessionId: string,
  messages: readonly NewMessage[],
  lease: Lease | null,
  onDuplicate: () => SynapseError,
): Promise<Message[] | undefined> {
  const { dialect } = database;
  const [only, ...others] = messages;
  if (only && others.length === 0 && dialect.insertsWhatUpdatesReturn) {
    return database.writeAtOnce(
      (run) => appendNewMessage(run, dialect, sessionId, only, lease),
      onDuplicate,
    );
  }
  return database.writeRaw(
    (run) => appendNewMessages(run, dialect, sessionId, messages, lease),
    onDuplicate,
  );
}

/**
 * The path of nearly every append: two statements, and one more for each call. The messages must be
 * new, so that the figures of the session can be updated without reading them.
 */
async function appendNewMessages(
  run: RunSql,
  dialect: SqlDialect,
  sessionId: string,
  messages: readonly NewMessage[],
  lease: Lease | null,
): Promise<Message[] | undefined> {
  const figures = messages.map(figuresOf).reduce(addFigures, noFigures);
  const { sql, values } = updateOf(dialect, sessionId, messages, figures, lease);
  // Built while the database is at work.
  const [[session], planned] = await Promise.all([
    run<UpdatedSession>(sql, values),
    planNew(sessionId, messages),
  ]);
  if (!session) return undefined;

  const seqBefore = session.next_seq - messages.length;
  const turnBefore = session.current_turn - figures.turnCount;
  for (const { message, row, entry } of planned) {
    row.seq = message.seq += seqBefore;
    row.turn = message.turn += turnBefore;
    row.variant_of = message.variantOf = session.current_variant_of;
    row.content_sha256 = sealAt(row.content_sha256, row);
    await insert(run, nameOf(dialect, 'messages'), row);
    if (entry) await insert(run, nameOf(dialect, 'ledger'), entry);
  }
  return planned.map(({ message }) => message);
}

/** The same for a single message in a single statement, which needs no transaction around it. */
async function appendNewMessage(
  run: RunSql,
  dialect: SqlDialect,
  sessionId: string,
  given: NewMessage,
  lease: Lease | null,
): Promise<Message[] | undefined> {
  const update = updateOf(dialect, sessionId, [given], figuresOf(given), lease);
  const message: Message = { ...given, sessionId, seq: 0, turn: 0, variantOf: null, active: true };
  const row = toMessageRow(message);
  row.content_sha256 = sealWithoutPlace(row.content_sha256);
  const values = Object.entries(row).filter(([name]) => !NUMBERS.has(name));
  const entry = Object.entries(entryRowOf(message) ?? {});
  const enter =
    entry.length === 0
      ? ''
      : `, entry as (insert into ${nameOf(dialect, 'ledger')} (${entry.map(([name]) => name).join(', ')})
         select ${entry.map(() => '?').join(', ')} from session)`;
  const [numbers] = await run<Pick<MessageRow, 'seq' | 'turn' | 'variant_of'>>(
    `with session as (${update.sql})${enter}
     insert into ${nameOf(dialect, 'messages')} (seq, turn, variant_of, ${values.map(([name]) => name).join(', ')})
     select next_seq - 1, current_turn, current_variant_of, ${values.map(valueOf).join(', ')} from session
     returning seq, turn, variant_of`,
    [...update.values, ...[...entry, ...values].map(([, value]) => value as Value)],
  );
  if (!numbers) return undefined;
  const { seq, turn, variant_of: variantOf } = numbers;
  return [{ ...message, seq, turn, variantOf }];
}

/** Only the database knows the place, so the database also writes it into the seal. */
function valueOf([name]: readonly [string, unknown]): string {
  return name === 'content_sha256' ? SEAL_AT_SQL : '?';
}

interface UpdatedSession {
  next_seq: number;
  current_turn: number;
  current_variant_of: number | null;
}

type Value = string | number | null;

function updateOf(
  dialect: SqlDialect,
  sessionId: string,
  messages: readonly NewMessage[],
  figures: SessionFigures,
  lease: Lease | null,
) {
  const previews = messages.map(({ parts }) => previewFrom(parts)).filter((text) => text !== null);
  const sums = { next_seq: messages.length, ...toFigureColumns(figures) };
  const lastActive = messages.at(-1)?.createdAt.getTime() ?? 0;
  const changes: Record<string, Value> = {
    ...(figures.turnCount > 0 && { current_variant_of: null }),
    ...(previews.length > 0 && toPreviewColumns(previews.at(-1) ?? null)),
  };
  // A question starts a turn of its own, whatever the last turn was.
  const { turnCount } = figures;
  const marks =
    turnCount === 0 ? [] : ['last_turn = last_turn + ?', 'current_turn = last_turn + ?'];
  const sql = `update ${nameOf(dialect, 'sessions')} set ${[
    ...['updated_at', 'updated_check'].map(
      (column) => `${column} = case when ${column} < ? then ? else ${column} end`,
    ),
    ...Object.keys(sums).map((column) => `${column} = ${column} + ?`),
    ...marks,
    'revision = revision + 1',
    ...Object.keys(changes).map((column) => `${column} = ?`),
  ].join(', ')} where id = ? and deleted_at is null ${
    lease ? 'and lease_token = ? and lease_holder is not null and next_seq > ?' : ''
  } returning next_seq, current_turn, current_variant_of`;
  const found = lease ? [sessionId, lease.token, lease.lastSeq] : [sessionId];
  const values: Value[] = [
    ...[lastActive, lastActive, lastActive, lastActive],
    ...Object.values(sums),
    ...marks.map(() => turnCount),
    ...[...Object.values(changes), ...found],
  ];
  return { sql, values };
}

/** Numbered from 0 until the first number is known. */
async function planNew(sessionId: string, messages: readonly NewMessage[]) {
  let turn = 0;
  return messages.map((given, seq) => {
    if (given.role === 'user') turn += 1;
    const message: Message = { ...given, sessionId, seq, turn, variantOf: null, active: true };
    return { message, row: toMessageRow(message), entry: entryRowOf(message) };
  });
}

function entryRowOf(message: Message): LedgerRow | null {
  const entry = ledgerEntryOf(message, message.sessionId);
  return entry && toLedgerRow(entry);
}

async function insert(run: RunSql, table: string, row: object): Promise<void> {
  const columns = Object.keys(row);
  const places = columns.map(() => '?').join(', ');
  const values = Object.values(row) as Value[];
  await run(`insert into ${table} (${columns.join(', ')}) values (${places})`, values);
}

function nameOf({ schemaName }: SqlDialect, table: string): string {
  return schemaName === undefined ? table : `"${schemaName.replaceAll('"', '""')}".${table}`;
}
