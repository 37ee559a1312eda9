/**
 * The ports of a server that outlives connections: runs, approvals, tokens, changes, and the names
 * under which other programs find a session. Every store has them, as `store.runs` and so on.
 *
 * @module
 */

// Who asks
export { scopes, type Identity, type OwnerFilter, type Scope } from './ports/identity.ts';
export type { NewToken, Token, TokenStore } from './ports/token-store.ts';
export type { Receipt, ReceiptStore } from './ports/receipt-store.ts';

// Runs and approvals
export type {
  BegunRun,
  NewRun,
  PlacedRunEvent,
  Run,
  RunEvent,
  RunEventPage,
  RunOutcome,
  RunStore,
} from './ports/run-store.ts';
export type {
  ApprovalState,
  ApprovalStore,
  NewApproval,
  PendingQuery,
  StoredApproval,
} from './ports/approval-store.ts';

// Changes and names
export type { Change, ChangeFeed, ChangeKind } from './ports/change-feed.ts';
export type { ConversationAliases, ConversationPrefix } from './ports/conversation-aliases.ts';

// Errors
export {
  ApprovalClosedError,
  ApprovalNotFoundError,
  RunEndedError,
  RunNotFoundError,
  SessionChangedError,
  TokenConflictError,
  TokenNotFoundError,
} from './errors/server-errors.ts';
