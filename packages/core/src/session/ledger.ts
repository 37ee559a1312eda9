import { isNote, type NewMessage } from './message.ts';

/**
 * One call of a model: its tokens, cost and times, without content. A store writes it in the
 * transaction that stores the message with the answer, and keeps it when that message is removed.
 */
export interface LedgerEntry extends Pick<
  NewMessage,
  | 'status'
  | 'provider'
  | 'model'
  | 'usage'
  | 'cost'
  | 'latencyMs'
  | 'timeToFirstTokenMs'
  | 'finishReason'
  | 'createdAt'
> {
  /** The id of the message with the answer, so that a store never enters a call twice. */
  id: string;
  /** The session of the call, which may have been purged. */
  sessionId: string;
  kind: LedgerKind;
  /** Null for a call made from this store. Otherwise the origin of the entry: `import`. */
  origin: string | null;
}

export type LedgerKind = 'answer' | 'title' | 'summary';

/** The origin of the calls that an import adds. */
export const IMPORT_ORIGIN = 'import';

/**
 * The entry for a message, or null. Every answer of a model has one, also a failed one, and so has
 * every title and summary that a model wrote. A copy in a fork has none: its call is entered already.
 */
export function ledgerEntryOf(
  message: NewMessage,
  sessionId: string,
  origin: string | null = null,
): LedgerEntry | null {
  const kind = kindOf(message);
  if (kind === null || message.copyOf !== null) return null;
  const { id, status, provider, model, usage, cost } = message;
  const { latencyMs, timeToFirstTokenMs, finishReason, createdAt } = message;
  return {
    ...{ id, sessionId, kind, origin, status, provider, model, usage, cost },
    ...{ latencyMs, timeToFirstTokenMs, finishReason, createdAt },
  };
}

/** Whether this is a complete call of which `earlier` is a part, both with the same origin. */
export function completes(entry: LedgerEntry, earlier: LedgerEntry): boolean {
  const isSame = earlier.sessionId === entry.sessionId && earlier.origin === entry.origin;
  return isSame && isPartial(earlier) && !isPartial(entry);
}

function isPartial({ status }: LedgerEntry): boolean {
  return status === 'running' || status === 'interrupted';
}

/** Whether its cost is unknown. A call that failed before its first token costs nothing. */
export function isUnpriced({
  status,
  usage,
  cost,
}: Pick<LedgerEntry, 'status' | 'usage' | 'cost'>) {
  return cost === null && (usage !== null || status === 'complete');
}

function kindOf(message: NewMessage): LedgerKind | null {
  if (message.role === 'assistant') return 'answer';
  if (!isNote(message) || message.usage === null) return null;
  return message.role === 'title' ? 'title' : 'summary';
}

/**
 * The entry to store for a message of this session, if the ledger has `earlier` under its id. Null
 * if the ledger stays unchanged: only the entry of a running answer of this session is replaced.
 */
export function nextEntry(
  message: NewMessage,
  sessionId: string,
  earlier: LedgerEntry | undefined,
): LedgerEntry | null {
  if (!earlier) return ledgerEntryOf(message, sessionId);
  const isOpen = earlier.status === 'running' && earlier.sessionId === sessionId;
  return isOpen ? ledgerEntryOf(message, sessionId, earlier.origin) : null;
}
