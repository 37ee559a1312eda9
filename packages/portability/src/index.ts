/**
 * Exports in nine formats, imports of Synapse's own, and copies from one store to another.
 *
 * @module
 */

export { createAtifFormat } from './atif-format.ts';
export { copyStore, type CopyReport } from './copy-store.ts';
export { exportContext } from './export-words.ts';
export { type ExportFormat } from './export-format.ts';
export { exportSessions } from './export-sessions.ts';
export { importSessions, type ImportReport } from './import-sessions.ts';
export { jsonFormat } from './json-format.ts';
export { ndjsonFormat } from './ndjson-format.ts';
export { isNdjsonExport, isSynapseExport } from './read-export.ts';
export { markdownFormat } from './markdown-format.ts';
export { createOpenaiFormat } from './openai-format.ts';
export { createOpencodeFormat } from './opencode-format.ts';
export { createRedact } from './redact-session.ts';
export { messageToJson, sessionToJson } from './session-json.ts';
export { createSharegptFormat } from './sharegpt-format.ts';
export { textFormat } from './text-format.ts';
export { digestSession } from './digest-session.ts';
export {
  allSessions,
  isCounted,
  messagePages,
  refuseMissing,
  type OnDamaged,
} from './message-pages.ts';
export type { HistoryFile } from './histories/history.ts';
export { beginningOf, historyFilesIn, toUnreadable, unpack } from './histories/history-files.ts';
export { findOwner } from './histories/companion-files.ts';
export { historyPlaces } from './histories/history-places.ts';
export { countHistories, detectHistory, historyFormats } from './histories/history-formats.ts';
export { emptyReceipt, type HistoryReceipt } from './histories/history-receipt.ts';
export { importHistory } from './histories/import-histories.ts';
