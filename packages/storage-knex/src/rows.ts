import type { LedgerEntry } from '@synapse/core/store-kit';
import type { Columns, MessageColumns, SessionColumns } from './field-columns.ts';

/** The tables as stored: the columns of the fields, and those that only the store needs. */
export interface SessionRow extends SessionColumns {
  /** Purged and invisible to all readers; its rows are removed in short steps, this one last. */
  purged: number;
  forked_from_session: string | null;
  forked_from_message: string | null;
  next_seq: number;
  /**
   * The greatest turn number so far, and the last active turn with the turn that it is a variant
   * of.
   */
  last_turn: number;
  current_turn: number;
  current_variant_of: number | null;
  /**
   * The folded text that the filter of a list searches: first the names, then the parts that change
   * with every message.
   */
  list_text: string;
  preview_text: string;
  /** The seal that checks the row; null in rows of earlier versions. */
  seal: string | null;
  counts_sum: number | null;
  spent_sum: number | null;
  updated_check: number | null;
  preview_seal: string | null;
  lease_token: number;
  lease_holder: string | null;
  lease_expires_at: number | null;
  lease_requested: number | null;
}

export interface MessageRow extends MessageColumns, UsageColumns {
  /** Given by the database, in the order in which messages are stored. */
  row_number?: number;
  content_sha256: string;
  search_text: string;
}

/** Usage and cost. */
export interface UsageColumns {
  input_tokens: number | null;
  output_tokens: number | null;
  cache_read_tokens: number | null;
  cache_write_tokens: number | null;
  reasoning_tokens: number | null;
  usage_estimated: number | null;
  cost_nano_usd: number | null;
  price: string | null;
}

/** The fields that a ledger entry has in common with its message. */
export type Call = Omit<LedgerEntry, 'id' | 'sessionId' | 'kind' | 'origin'>;

export type CallColumns = Columns<Omit<Call, 'usage' | 'cost'>> & UsageColumns;

export interface LedgerRow extends CallColumns {
  id: string;
  session_id: string;
  kind: string;
  origin: string | null;
}

export interface SessionTagRow {
  session_id: string;
  tag: string;
}

export interface AttachmentRow {
  sha256: string;
  bytes: Uint8Array;
  byte_length: number;
}

/** Recently stored bytes, until a check finds whether a session uses them. */
export interface NewAttachmentRow {
  sha256: string;
  stored_at: number;
  /** The number of future messages that they were stored for. */
  awaited: number;
}

export interface SessionAttachmentRow {
  session_id: string;
  sha256: string;
}

export interface AuditRow {
  id?: number;
  at: number;
  action: string;
  session_id: string;
  title: string | null;
  reason: string;
}

/** A single row. */
export interface RetentionMemoRow {
  id: number;
  last_run_at: number | null;
  held_since: number | null;
  last_hint_at: number | null;
  next_look_at: number | null;
  announced_at: number | null;
  mark: number | null;
  mark_before: number | null;
  claim_token: string | null;
  claim_expires_at: number | null;
}

/** The state in which a file of another tool was read. */
export interface ImportMarkRow {
  place: string;
  mark: string;
}

/** Added by triggers. */
export interface ChangeRow {
  row_number: number;
  position: number;
  kind: string;
  session_id: string;
  revision: number;
  owner: string | null;
  made_at: number;
}

/** A single row. */
export interface ChangeFeedRow {
  id: number;
  /** The changes up to this position were removed. */
  pruned_through: number;
}

export interface TokenRow {
  id: string;
  name: string;
  hash: string;
  scopes: string;
  owner: string | null;
  created_at: number;
  revoked_at: number | null;
  last_used_at: number | null;
}

export interface RunRow {
  id: string;
  session_id: string;
  instance_id: string;
  request_hash: string;
  started_at: number;
  outcome: string | null;
  ended_at: number | null;
  cancel_requested: number;
  position: number;
}

export interface RunEventRow {
  run_id: string;
  position: number;
  type: string;
  data: string;
}

export interface ApprovalRow {
  id: string;
  session_id: string;
  run_id: string | null;
  call_id: string;
  question: string;
  opened_at: number;
  expires_at: number;
  state: string;
  answer: string | null;
  decided_by: string | null;
  closed_at: number | null;
}

/** The owner of a purged session, for the ledger. */
export interface FormerOwnerRow {
  session_id: string;
  owner: string;
}

export interface SessionAliasRow {
  row_number?: number;
  kind: string;
  value: string;
  session_id: string;
}

export interface MessagePrefixRow {
  row_number?: number;
  hash: string;
  session_id: string;
  message_id: string;
}

export interface ReceiptRow {
  token_id: string;
  key: string;
  fingerprint: string;
  kept_at: number;
}

export interface Rows {
  sessions: SessionRow;
  messages: MessageRow;
  ledger: LedgerRow;
  session_tags: SessionTagRow;
  attachments: AttachmentRow;
  new_attachments: NewAttachmentRow;
  session_attachments: SessionAttachmentRow;
  audit: AuditRow;
  retention_memo: RetentionMemoRow;
  import_marks: ImportMarkRow;
  changes: ChangeRow;
  change_feed: ChangeFeedRow;
  tokens: TokenRow;
  runs: RunRow;
  run_events: RunEventRow;
  approvals: ApprovalRow;
  former_owners: FormerOwnerRow;
  session_aliases: SessionAliasRow;
  message_prefixes: MessagePrefixRow;
  receipts: ReceiptRow;
}
