// A conversation, for a program that wants one
export {
  openConversation,
  type Conversation,
  type ConversationOptions,
} from './conversation/open-conversation.ts';

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
  ActivityRange,
  RetentionCandidate,
  RetentionClaim,
  RetentionMemo,
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
  TurnChoice,
  VariantPlace,
} from './ports/session-store.ts';
export type { Store } from './ports/store.ts';
export { isVisible, type StreamEvent, type TurnEnd } from './ports/stream-event.ts';
export type {
  AppliedStep,
  BackupReport,
  CheckFinding,
  CheckOptions,
  FileBackup,
  FindingKind,
  SchemaStatus,
  StoreGlance,
  StoreInfo,
  StoreMaintenance,
  StorePlace,
  TableSize,
} from './ports/store-maintenance.ts';
export type {
  Addition,
  AddOptions,
  ExtendPosition,
  LedgerPage,
  StoreTransfer,
  WholeSession,
} from './ports/store-transfer.ts';
export type { Tool, ToolOutput, ToolSource, ToolSubject } from './ports/tool-source.ts';
export type {
  Spread,
  SessionTotals,
  UsageGroup,
  UsageGrouping,
  UsageQuery,
  UsageStore,
} from './ports/usage-store.ts';

// Sessions, messages and what they are made of
export { newId } from './session/id.ts';
export type { LedgerEntry, LedgerKind } from './session/ledger.ts';
export { isJsonObject, type JsonObject, type JsonValue } from './session/json-value.ts';
export {
  attachmentsOf,
  textOf,
  type AttachmentReference,
  type ContextPart,
  type FilePart,
  type ImagePart,
  type Part,
  type ReasoningPart,
  type Replay,
  type TextPart,
  type ToolCallPart,
  type ToolResultPart,
} from './session/part.ts';
export {
  isNote,
  newMessage,
  type FinishReason,
  type Message,
  type MessageError,
  type MessageStatus,
  type NewMessage,
  type Role,
  type ToldMessage,
} from './session/message.ts';
export { emptySession, type ForkOrigin, type NewSession, type Session } from './session/session.ts';
export { addUsage, toUsd, type Cost, type Price, type Usage } from './session/usage.ts';
export { clipText } from './session/clip-text.ts';
export { previewFrom, titleFrom } from './session/title.ts';
export { parseHandle } from './session/handle.ts';

// Errors
export { SynapseError, type SynapseErrorOptions } from './errors/synapse-error.ts';
export { UsageError } from './errors/usage-error.ts';
export { ConfigError, NoProviderError } from './errors/config-error.ts';
export {
  MessageNotFoundError,
  SessionAmbiguousError,
  SessionBusyError,
  SessionConflictError,
  SessionHeldError,
  SessionInTrashError,
  SessionNotFoundError,
} from './errors/session-errors.ts';
export { ProviderError, type ProviderFailure } from './errors/provider-error.ts';
export { DamagedDataError, StorageError, type StorageFailure } from './errors/storage-error.ts';
export {
  ContextFullError,
  FileNotFoundError,
  InterruptedError,
  InvalidDataError,
  LimitReachedError,
  NotPermittedError,
} from './errors/run-errors.ts';

// A turn: who may write, what is asked, what may be called
export { joinSignals, type JoinedSignal } from './join-signals.ts';
export { limitTime, type TimeLimit } from './conversation/limit-time.ts';
export { keepModel } from './conversation/keep-model.ts';
export { holdLease, type HeldLease, type HoldOptions } from './conversation/hold-lease.ts';
export { lifeOfHolder, thisProcess, type HolderLife } from './conversation/process-identity.ts';
export {
  createOrFind,
  findSession,
  getSession,
  isSessionWord,
  resolveSession,
} from './conversation/resolve-session.ts';
export { listVariants, type TurnVariant } from './conversation/list-variants.ts';
export { runTurn } from './conversation/run-turn.ts';
export type { TurnSessions } from './conversation/turn-store.ts';
export type {
  ToolEvent,
  TurnEvent,
  TurnOptions,
  TurnSpending,
  TurnTools,
} from './conversation/turn-options.ts';
export { MessageCollector } from './conversation/collect-message.ts';
export type { StoredMessage } from './conversation/clean-parts.ts';
export { Toolbox } from './conversation/toolbox.ts';
export { toRequestMessages } from './conversation/to-request-messages.ts';
export type { AsideModel } from './conversation/ask-aside.ts';
export { nameSession, type NameOptions } from './conversation/name-session.ts';
export { readOrdinaryFile, UnreadableFileError } from './read-ordinary-file.ts';
export { checkInput } from './conversation/check-input.ts';
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

// What of a session goes into a request
export {
  budgetOf,
  limitsOf,
  type ContextBudget,
  type ModelLimits,
} from './context/context-budget.ts';
export { pinMessage, resetContext } from './context/change-context.ts';
export { answerTokensOf } from './context/find-reported.ts';
export {
  compactSession,
  type CompactOptions,
  type CompactReport,
  type Summarizer,
} from './context/compact-session.ts';
export { type NoteWriter } from './context/context-note.ts';
export { defaultContextSettings, type ContextSettings } from './context/context-settings.ts';
export { reportContext, type ContextReport } from './context/report-context.ts';
export {
  SessionContext,
  type RequestFrame,
  type RequestShape,
  type SessionContextOptions,
} from './context/session-context.ts';

// Providers
export type { Dialect, Preset } from './providers/preset.ts';
export { PRESETS } from './providers/presets.ts';
export { parseChoice, type ProviderChoice } from './providers/parse-choice.ts';
export type {
  KeySource,
  ProviderSettings,
  ProviderSetup,
  ProviderSources,
} from './providers/provider-setup.ts';
export { isAskedOf, type Answerer } from './providers/is-same-model.ts';
export { unknownProvider } from './providers/known-providers.ts';
export { providerStatus, type ProviderStatus } from './providers/provider-status.ts';
export { resolveProvider } from './providers/resolve-provider.ts';
export { Secret } from './providers/secret.ts';
export { COMPATIBLE_QUIRKS, OPENAI_QUIRKS, type ServerQuirks } from './providers/server-quirks.ts';
export { withFallback, type FallbackLink } from './providers/with-fallback.ts';
export { withoutRefusedTools } from './providers/without-refused-tools.ts';
export { withRetries, type RetryOptions } from './providers/with-retries.ts';

// JSON Schemas in the words that providers take
export { toModernSchema } from './json-schema/to-modern-schema.ts';
export { toToolSchema } from './json-schema/to-tool-schema.ts';

// What an answer costs
export { costOf } from './usage/cost.ts';
export { pricedBy } from './usage/priced-by.ts';
export { estimateTokens } from './usage/estimate-tokens.ts';
export { estimateRequestTokens, estimateUsage } from './usage/estimate-usage.ts';

// What is known of models
export { findFacts } from './models/find-model.ts';
export { findPrice } from './models/find-price.ts';
export {
  abilitiesOf,
  thinks,
  type ModelFacts,
  type StructuredOutput,
} from './models/known-model.ts';
export { MODELS_AS_OF, pricedModels } from './models/model-table.ts';
export type { ModelOverrides, ModelSettings } from './models/own-models.ts';
export { withModelFacts } from './models/with-model-facts.ts';

// Cleaning up
export {
  applyRetention,
  type RetentionOptions,
  type RetentionReport,
  type SkipReason,
} from './retention/apply-retention.ts';
export type { RetentionStep } from './retention/retention-step.ts';
export type { HoldReason } from './retention/cleanup-guard.ts';
export { findOverLimit } from './retention/plan-retention.ts';
export { takeRetentionHint } from './retention/retention-hint.ts';
export {
  defaultRetentionSettings,
  type RetentionSettings,
} from './retention/retention-settings.ts';

// Out of a store, and into one
export {
  copyStore,
  type CopiedStore,
  type CopyOptions,
  type CopyProgress,
  type CopyReport,
} from './portability/copy-store.ts';
export { exportContext } from './portability/export-words.ts';
export { type ExportFormat } from './portability/export-format.ts';
export { exportSessions, type ExportOptions } from './portability/export-sessions.ts';
export { createHtmlFormat, escapeHtml } from './portability/html-format.ts';
export {
  importSessions,
  type ImportOptions,
  type ImportReport,
} from './portability/import-sessions.ts';
export { jsonFormat } from './portability/json-format.ts';
export { ndjsonFormat } from './portability/ndjson-format.ts';
export { isNdjsonExport } from './portability/read-export.ts';
export { markdownFormat } from './portability/markdown-format.ts';
export { createRedact, type Redact } from './portability/redact-session.ts';
export { messageToJson, sessionToJson } from './portability/session-json.ts';
export { textFormat } from './portability/text-format.ts';
export { digestSession } from './portability/digest-session.ts';
export {
  allSessions,
  isCounted,
  messagePages,
  refuseMissing,
  type OnDamaged,
} from './portability/message-pages.ts';
export { redactJson, redactPasswords, redactSecrets } from './secrets/redact-secrets.ts';

// Searching
export { parseMoment } from './search/parse-moment.ts';
export { parseSearchQuery, type SearchQuery, type SearchTerm } from './search/parse-query.ts';

// The reference store, and what stands in for the rest
export { createMemoryStore } from './memory-store.ts';
export { changeFile, UnwritableFileError } from './change-file.ts';
export { tryFileLock } from './file-lock.ts';
export { partialPathOf, removeDeadPartials } from './partial-file.ts';
export { silentLogger } from './silent-logger.ts';
export { systemClock } from './system-clock.ts';
export { writePrivateFile } from './write-private-file.ts';

// For stores: what all of them reckon alike
export { isEmptyQuery, needleOf } from './search/match-query.ts';
export { makeSnippet } from './search/make-snippet.ts';
export { pageOfMatches, type Match } from './search/page-of-matches.ts';
export { searchedTextOf, searchTextOf } from './search/search-text.ts';
export { foldCase, listTextOf } from './session/list-text.ts';
export { fromListCursor, toListCursor } from './session/list-cursor.ts';
export { ledgerEntryOf } from './session/ledger.ts';
export {
  LEASED_SESSION_GONE,
  noteStoredMessages,
  refuseOlderCopy,
} from './session/refuse-older-copy.ts';
export { planAppend, type AppendPlan, type AppendVariant } from './session/plan-append.ts';
export { TurnCheck } from './session/turn-check.ts';
export { addToTally, noTally, type Tally } from './session/tally.ts';
export {
  beginVariant,
  continueVariant,
  endForkIn,
  planChoice,
  type TurnMarks,
} from './session/turn-marks.ts';
export {
  addCounts,
  addFigures,
  addSpent,
  countsOf,
  figuresOf,
  noCounts,
  noFigures,
  noneSpent,
  subtractCounts,
  type MessageCounts,
  type SessionFigures,
  type SpentFigures,
} from './session/session-figures.ts';
export { lengthOf } from './session/message-length.ts';
export { checkOrder } from './portability/check-order.ts';
export { orderGroups } from './usage/order-groups.ts';
