import type { ProviderFailure, StorageFailure } from '@synapse/core';

/** The contract with scripts; `synapse help exit-codes` prints it. */
export const exitCodes = {
  0: 'done',
  1: 'an unexpected fault in Synapse itself; the message says where the log is',
  2: 'usage: an unknown flag or command, a missing or empty prompt',
  65: 'bad input data: an import file, an attachment, output that does not fit its schema, an answer without text',
  66: 'not found: a session, a message, a file, a token',
  67: 'ambiguous: an id, a prefix or a title fits several sessions',
  69: 'the provider or an MCP server is unavailable, or failed after all retries',
  71: 'the context is too long for the model, even after compaction',
  72: 'a limit that you set was reached: turns, budget, time',
  73: 'a file or database cannot be created',
  74: 'storage fault: disk full, I/O error, damaged database',
  75: 'try again: locked, stale session, rate limit or quota',
  76: 'the database is newer than this program',
  77: 'permission: bad or missing key, refused by policy, approval needed without a terminal',
  78: 'configuration: the message names the file, key, line and a valid value',
  130: 'ended by Ctrl-C; the partial answer is kept',
  143: 'ended by SIGTERM, SIGHUP or a closed terminal; the partial answer is kept',
} as const;

export type ExitCode = keyof typeof exitCodes;

const providerFailures: Record<ProviderFailure, ExitCode> = {
  auth: 77,
  'rate-limit': 75,
  quota: 75,
  overloaded: 69,
  'context-length': 71,
  refused: 77,
  network: 69,
  timeout: 69,
  'invalid-request': 69,
  'invalid-response': 69,
  'response-too-large': 65,
  'model-not-found': 66,
  'no-tools': 69,
  'replay-refused': 69,
};

const storageFailures: Record<StorageFailure, ExitCode> = {
  unavailable: 74,
  'cannot-create': 73,
  busy: 75,
  full: 74,
  damaged: 74,
  denied: 77,
  'schema-newer': 76,
  'schema-mismatch': 74,
  replaced: 74,
  foreign: 78,
  driver: 78,
};

const codes: Record<string, ExitCode> = {
  SYNAPSE_USAGE: 2,
  SYNAPSE_INVALID_DATA: 65,
  SYNAPSE_FILE_NOT_FOUND: 66,
  SYNAPSE_SESSION_NOT_FOUND: 66,
  SYNAPSE_MESSAGE_NOT_FOUND: 66,
  SYNAPSE_SESSION_AMBIGUOUS: 67,
  SYNAPSE_SESSION_CONFLICT: 65,
  SYNAPSE_SESSION_BUSY: 75,
  SYNAPSE_SESSION_HELD: 75,
  SYNAPSE_SESSION_CHANGED: 75,
  SYNAPSE_TOKEN_NOT_FOUND: 66,
  SYNAPSE_TOKEN_CONFLICT: 65,
  SYNAPSE_RUN_NOT_FOUND: 66,
  SYNAPSE_RUN_ENDED: 65,
  SYNAPSE_APPROVAL_NOT_FOUND: 66,
  SYNAPSE_APPROVAL_CLOSED: 65,
  SYNAPSE_CONTEXT_FULL: 71,
  SYNAPSE_LIMIT_REACHED: 72,
  SYNAPSE_NOT_PERMITTED: 77,
  SYNAPSE_CONFIG: 78,
  SYNAPSE_MCP: 69,
  SYNAPSE_INTERRUPTED: 130,
  ...withPrefix('SYNAPSE_PROVIDER_', providerFailures),
  ...withPrefix('SYNAPSE_STORAGE_', storageFailures),
};

/** The answer was shown and could not be stored. */
export const NOT_SAVED: ExitCode = 74;

/** The exit code for this error code; an unknown one is a bug of ours. */
export function exitCodeOf(code: string): ExitCode {
  return codes[code] ?? 1;
}

export function knownErrorCodes(): [string, ExitCode][] {
  return Object.entries(codes);
}

function withPrefix(prefix: string, table: Record<string, ExitCode>): Record<string, ExitCode> {
  return Object.fromEntries(
    Object.entries(table).map(([reason, exitCode]) => [
      prefix + reason.toUpperCase().replaceAll('-', '_'),
      exitCode,
    ]),
  );
}
