/**
 * Code that stores share, and that copies sessions between them: the values of the ports that a
 * store fills in, and the common rules for counting, ordering, checking and searching. An
 * application imports `@synapse/core`.
 *
 * @module
 */

// Types of the ports that only stores use
export type { AttachmentHolder } from './ports/attachment-store.ts';
export type {
  AuditEntry,
  AuditNote,
  ActivityRange,
  RetentionCandidate,
  RetentionClaim,
  RetentionMemo,
  RetentionQuery,
} from './ports/retention-store.ts';
export type { SearchPage } from './ports/session-search.ts';
export type {
  LeaseHolder,
  LeaseRequest,
  LeaseState,
  Page,
  SessionQuery,
  VariantPlace,
} from './ports/session-store.ts';
export type { CheckOptions, FileBackup, StoreInfo, TableSize } from './ports/store-maintenance.ts';
export type {
  Addition,
  AddOptions,
  ExtendPosition,
  LedgerPage,
  StoreTransfer,
  WholeSession,
} from './ports/store-transfer.ts';
export type { Spread, SessionTotals } from './ports/usage-store.ts';

// Sessions and messages: rules that all stores share
export { fieldsWith, type Field } from './session/field.ts';
export { isId } from './session/id.ts';
export { checkOrder } from './session/check-order.ts';
export {
  completes,
  IMPORT_ORIGIN,
  isUnpriced,
  ledgerEntryOf,
  type LedgerEntry,
  type LedgerKind,
} from './session/ledger.ts';
export { fromListCursor, toListCursor, type ListPosition } from './session/list-cursor.ts';
export { foldCase, listTextOf } from './session/list-text.ts';
export { lengthOf, MAX_MESSAGE_LENGTH } from './session/message-length.ts';
export {
  messageFields,
  type MessageFields,
  type MessageKinds,
  type Role,
  type PromptMessage,
} from './session/message.ts';
export { attachmentsOf } from './session/part.ts';
export { planAppend, type AppendPlan } from './session/plan-append.ts';
export {
  LEASED_SESSION_GONE,
  noteStoredMessages,
  refuseOlderCopy,
} from './session/refuse-older-copy.ts';
export {
  countsOf,
  figuresOf,
  noCounts,
  noneSpent,
  subtractCounts,
  spentOf,
  type MessageCounts,
  type SpentFigures,
} from './session/session-figures.ts';
export {
  emptyFork,
  sessionFields,
  type NewFork,
  type NewSession,
  type SessionFields,
  type SessionKinds,
} from './session/session.ts';
export { addToTally, noTally, type Tally } from './session/tally.ts';
export { previewFrom } from './session/title.ts';
export { TurnCheck } from './session/turn-check.ts';
export {
  beginVariant,
  continueVariant,
  endForkIn,
  planChoice,
  noMarks,
  type TurnMarks,
  type AppendVariant,
} from './session/turn-marks.ts';
export type { Cost } from './session/usage.ts';

// Errors that only stores throw
export { SessionConflictError } from './errors/session-errors.ts';
export { DamagedDataError } from './errors/storage-error.ts';

// Searching: indexed text, matches, snippets
export { isModelOrDated } from './providers/is-same-model.ts';
export { needleOf, matchesTerms } from './search/match-query.ts';
export { pageOfMatches, type Match } from './search/page-of-matches.ts';
export type { SearchTerm } from './search/parse-query.ts';
export { searchTextOf } from './search/search-text.ts';

// A store for one owner
export { scopeStore } from './scope/scope-store.ts';

// Names, and waking readers of changes
export { checkAlias } from './ports/conversation-aliases.ts';
export { Waker } from './changes/waker.ts';

// Usage
export { orderGroups } from './usage/order-groups.ts';
