/** The tables as they are: times in milliseconds, flags as 0 and 1, JSON as text. */
export interface SessionRow {
  id: string;
  handle: string | null;
  title: string | null;
  provider: string | null;
  model: string | null;
  system_prompt: string | null;
  working_directory: string | null;
  pinned: number;
  archived: number;
  deleted_at: number | null;
  /** Taken away for good, and there for nobody; its rows go in short steps, this one last. */
  purged: number;
  forked_from_session: string | null;
  forked_from_message: string | null;
  owner: string | null;
  metadata: string;
  created_at: number;
  updated_at: number;
  next_seq: number;
  /** The greatest number that a turn ever had, and the last active turn with the place it is a variant in. */
  last_turn: number;
  current_turn: number;
  current_variant_of: number | null;
  message_count: number;
  turn_count: number;
  input_tokens: number;
  output_tokens: number;
  cost_nano_usd: number;
  unpriced_count: number;
  preview: string | null;
  /** What the list is filtered by, folded: the names, and what follows them with every message. */
  list_text: string;
  preview_text: string;
  /** What the row is checked by; null in rows of earlier versions. */
  seal: string | null;
  counts_sum: number | null;
  spent_sum: number | null;
  updated_check: number | null;
  preview_seal: string | null;
  lease_token: number;
  lease_holder: string | null;
  lease_expires_at: number | null;
}

export interface MessageRow {
  /** Given by the database, in the order in which messages are stored. */
  row_number?: number;
  id: string;
  session_id: string;
  seq: number;
  turn: number;
  variant_of: number | null;
  active: number;
  role: string;
  status: string;
  parts: string;
  content_sha256: string;
  search_text: string;
  provider: string | null;
  model: string | null;
  asked_provider: string | null;
  asked_model: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  cache_read_tokens: number | null;
  cache_write_tokens: number | null;
  reasoning_tokens: number | null;
  usage_estimated: number | null;
  cost_nano_usd: number | null;
  price: string | null;
  latency_ms: number | null;
  time_to_first_token_ms: number | null;
  finish_reason: string | null;
  error: string | null;
  copy_of: string | null;
  created_at: number;
}

/** What a message says of the call that it came from. */
export type CallColumns = Pick<
  MessageRow,
  | 'status'
  | 'provider'
  | 'model'
  | 'input_tokens'
  | 'output_tokens'
  | 'cache_read_tokens'
  | 'cache_write_tokens'
  | 'reasoning_tokens'
  | 'usage_estimated'
  | 'cost_nano_usd'
  | 'price'
  | 'latency_ms'
  | 'time_to_first_token_ms'
  | 'finish_reason'
  | 'created_at'
>;

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

/** Of late, until it was looked whether a session holds on to them. */
export interface NewAttachmentRow {
  sha256: string;
  stored_at: number;
  /** For how many messages that have yet to come they were stored. */
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
}
