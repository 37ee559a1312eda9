// Errors
export { SynapseError, type SynapseErrorOptions } from './errors/synapse-error.ts';
export { UsageError } from './errors/usage-error.ts';
export { ConfigError } from './errors/config-error.ts';
export {
  MessageNotFoundError,
  SessionAmbiguousError,
  SessionBusyError,
  SessionConflictError,
  SessionHeldError,
  SessionNotFoundError,
} from './errors/session-errors.ts';
export { ProviderError, type ProviderFailure } from './errors/provider-error.ts';
export { StorageError, type StorageFailure } from './errors/storage-error.ts';
export {
  FileNotFoundError,
  InterruptedError,
  InvalidDataError,
  LimitReachedError,
  NotPermittedError,
} from './errors/run-errors.ts';

// Values
export { isId, newId } from './session/id.ts';
export type { JsonObject, JsonValue } from './session/json-value.ts';
export {
  attachmentsOf,
  textOf,
  type AttachmentReference,
  type FilePart,
  type ImagePart,
  type Part,
  type ReasoningPart,
  type ReasoningReplay,
  type TextPart,
  type ToolCallPart,
  type ToolResultPart,
} from './session/part.ts';
export {
  newMessage,
  type FinishReason,
  type Message,
  type MessageError,
  type MessageStatus,
  type NewMessage,
  type Role,
} from './session/message.ts';
export { emptySession, type ForkOrigin, type NewSession, type Session } from './session/session.ts';
export { addUsage, toUsd, type Cost, type Price, type Usage } from './session/usage.ts';
export { clipText } from './session/clip-text.ts';
export { previewFrom, titleFrom } from './session/title.ts';
export { parseHandle } from './session/handle.ts';
export { redactSecrets } from './secrets/redact-secrets.ts';
export type { SearchQuery, SearchTerm } from './search/parse-query.ts';

// Ports
export type { Approval, Approver } from './ports/approver.ts';
export type { AttachmentStore, NewAttachment } from './ports/attachment-store.ts';
export type { Clock } from './ports/clock.ts';
export type { Logger } from './ports/logger.ts';
export type {
  LoadedFile,
  LoadedImage,
  LoadedToolResult,
  ModelAbility,
  ModelInfo,
  ModelProvider,
  ModelRequest,
  OutputSchema,
  RequestMessage,
  ToolDefinition,
} from './ports/model-provider.ts';
export type { ParsedShell, ParseShell, ShellCommand } from './ports/parse-shell.ts';
export type {
  AuditEntry,
  AuditNote,
  RetentionCandidate,
  RetentionQuery,
  RetentionStore,
} from './ports/retention-store.ts';
export type { SearchHit, SearchPage, SessionSearch, SnippetPiece } from './ports/session-search.ts';
export type {
  Lease,
  LeaseHolder,
  LeaseRequest,
  MessagePage,
  NewFork,
  Page,
  SessionChange,
  SessionQuery,
  SessionStore,
} from './ports/session-store.ts';
export type { Store } from './ports/store.ts';
export type { StoreInfo, StoreMaintenance } from './ports/store-maintenance.ts';
export type { StreamEvent, TurnEnd } from './ports/stream-event.ts';
export type { Tool, ToolOutput, ToolSource, ToolSubject } from './ports/tool-source.ts';

// Use cases
export {
  createApprover,
  type ApprovalAnswer,
  type ApprovalQuestion,
  type ApproverOptions,
} from './approval/create-approver.ts';
export { describeCall, type CallDescription } from './approval/describe-call.ts';
export {
  decideCall,
  type Decision,
  type ToolMode,
  type ToolPolicy,
} from './approval/tool-policy.ts';
export {
  parseToolRule,
  parseToolRules,
  type RuleLists,
  type ToolRule,
  type Verdict,
} from './approval/tool-rule.ts';
export { holdLease, type HeldLease, type HoldOptions } from './conversation/hold-lease.ts';
export { findSession, resolveSession } from './conversation/resolve-session.ts';
export { runTurn, type TurnEvent, type TurnOptions } from './conversation/run-turn.ts';
