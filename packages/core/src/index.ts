/**
 * Sessions, the ports, and the use cases that need no adapter. Everything works on a store:
 *
 * ```ts
 * import { newId, newMessage, textOf, type Store } from '@synapse/core';
 *
 * export async function remember(store: Store, text: string): Promise<string[]> {
 *   const createdAt = new Date();
 *   const { id } = await store.sessions.create({ id: newId(), createdAt, handle: 'notes' });
 *   const parts = [{ type: 'text' as const, text }];
 *   await store.sessions.append(id, [newMessage({ id: newId(), role: 'user', parts, createdAt })], null);
 *   const messages = await store.sessions.messages(id, { limit: 10 });
 *   return messages.map((message) => textOf(message.parts));
 * }
 * ```
 *
 * Beside it: `@synapse/core/conversation` (turns, context, approvals), `@synapse/core/models` (models, providers, prices), `@synapse/core/files` (careful writing),
 * `@synapse/core/words` (numbers for people), `@synapse/core/server` (runs, approvals, tokens and changes) and `@synapse/core/store-kit` (what stores share). A whole
 * conversation is in `@synapse/app`.
 * @module
 */

// Ports
export type { Approver } from './ports/approver.ts';
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
export type { RetentionStore } from './ports/retention-store.ts';
export type { SearchHit, SessionSearch, SnippetPiece } from './ports/session-search.ts';
export type {
  Lease,
  MessagePage,
  SessionChange,
  SessionStore,
  TurnChoice,
} from './ports/session-store.ts';
export type { Store } from './ports/store.ts';
export { isVisible, type StreamEvent, type TurnEnd } from './ports/stream-event.ts';
export type {
  BackupReport,
  CheckFinding,
  SchemaStatus,
  StoreSummary,
  StoreMaintenance,
  StorePlace,
} from './ports/store-maintenance.ts';
export type { Tool, ToolOutput, ToolSource, ToolSubject } from './ports/tool-source.ts';
export type { UsageGroup, UsageGrouping, UsageQuery, UsageStore } from './ports/usage-store.ts';

// Sessions, messages and what they are made of
export { newId } from './session/id.ts';
export { isJsonObject, type JsonObject, type JsonValue } from './session/json-value.ts';
export {
  textOf,
  type AttachmentReference,
  type ContextPart,
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
  type NewMessage,
} from './session/message.ts';
export { emptySession, type Session } from './session/session.ts';
export { addUsage, toUsd, type Price, type Usage } from './session/usage.ts';
export { clipText } from './session/clip-text.ts';
export { titleFrom } from './session/title.ts';
export { parseHandle } from './session/handle.ts';

// Errors
export { SynapseError, type SynapseErrorOptions } from './errors/synapse-error.ts';
export { UsageError } from './errors/usage-error.ts';
export { ConfigError, NoProviderError } from './errors/config-error.ts';
export {
  MessageNotFoundError,
  SessionAmbiguousError,
  SessionBusyError,
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

// A turn: the lease, the request, the tools
export { joinSignals } from './join-signals.ts';

// A provider with retries
export { withRetries } from './providers/repeat-request.ts';

// Cleaning up
export {
  applyRetention,
  type RetentionReport,
  type SkipReason,
} from './retention/apply-retention.ts';
export type { RetentionStep } from './retention/plan-retention.ts';
export { findOverLimit } from './retention/plan-retention.ts';
export { takeRetentionHint } from './retention/retention-hint.ts';
export {
  defaultRetentionSettings,
  type RetentionSettings,
} from './retention/retention-settings.ts';

// Secrets in texts
export { redactPasswords } from './secrets/redact-passwords.ts';
export { redactJson, redactSecrets } from './secrets/redact-secrets.ts';

// Searching
export { parseMoment } from './search/parse-moment.ts';
export { parseSearchQuery, type SearchQuery } from './search/parse-query.ts';

// Clock and logger
export { silentLogger } from './silent-logger.ts';
export { systemClock } from './system-clock.ts';

// Figures and matches, as stores make them
export { isEmptyQuery } from './search/match-query.ts';
export { makeSnippet } from './search/make-snippet.ts';
export { searchedTextOf } from './search/search-text.ts';
export {
  addCounts,
  addFigures,
  addSpent,
  noFigures,
  type SessionFigures,
} from './session/session-figures.ts';
