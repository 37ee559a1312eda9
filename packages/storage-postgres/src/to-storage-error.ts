import {
  ConfigError,
  InvalidDataError,
  StorageError,
  type StorageFailure,
  type SynapseError,
} from '@synapse/core';
import { isConnectionLost, isStatementMode, sqlStateOf } from './sqlstate.ts';

interface Failure {
  reason: StorageFailure;
  message: (location: string) => string;
  hint: string;
}

const denied: Failure = {
  reason: 'denied',
  message: (location) => `The PostgreSQL server refuses the user or the password for ${location}.`,
  hint: 'Check the user and the password, and whether the user may connect to this database.',
};
const notPermitted: Failure = {
  reason: 'denied',
  message: (location) => `The user may not do this in ${location}.`,
  hint: 'Check which rights the user has there.',
};
const unavailable: Failure = {
  reason: 'unavailable',
  message: (location) => `The PostgreSQL server at ${location} can't be reached.`,
  hint: 'Check the address, and that the server is running.',
};
const notReady: Failure = {
  reason: 'unavailable',
  message: (location) =>
    `The PostgreSQL server of ${location} accepts no connections now: it is starting, stopping or recovering.`,
  hint: 'Try again in a while. The log of the server shows its progress.',
};
const insecure: Failure = {
  reason: 'unavailable',
  message: (location) => `No secure connection to ${location} could be made.`,
  hint: "Check the server's certificate and the sslmode in the address.",
};
const missing: Failure = {
  reason: 'unavailable',
  message: (location) => `The PostgreSQL server has no database ${location}.`,
  hint: 'Create the database, or correct the address.',
};
const busy: Failure = {
  reason: 'busy',
  message: (location) => `The database ${location} is too busy.`,
  hint: 'Try again in a while.',
};
const noConnection: Failure = {
  reason: 'busy',
  message: (location) => `The server of ${location} has no connection left for this user.`,
  hint: 'Close other programs that use the database, or raise max_connections or the connection limit of the user.',
};
const waiting: Failure = {
  reason: 'busy',
  message: (location) =>
    `A statement waited too long in ${location} and was cancelled: another client probably holds a lock.`,
  hint: 'Try again in a while. pg_stat_activity shows which transaction holds the lock.',
};
const full: Failure = {
  reason: 'full',
  message: (location) => `The server of ${location} has no space left.`,
  hint: "Free some space on the server's disk.",
};
const damaged: Failure = {
  reason: 'damaged',
  message: (location) => `The server reports a failed disk or damaged data in ${location}.`,
  hint: "Check the server's log before you store anything else.",
};
const readOnly: Failure = {
  reason: 'cannot-create',
  message: (location) =>
    `The database ${location} can only be read: the server is a standby, or it was set to read only.`,
  hint: 'Use the address of the primary server.',
};
const unfit: Failure = {
  reason: 'unavailable',
  message: (location) => `The database ${location} can't store all characters.`,
  hint: 'Create it with the encoding UTF8.',
};

const byState: [pattern: RegExp, failure: Failure][] = [
  [/^42501$/, notPermitted],
  [/^28...$/, denied],
  [/^3D000$/, missing],
  [/^53300$/, noConnection],
  [/^(55P03|57014)$/, waiting],
  [/^(53400|40...|25P0[34])$/, busy],
  [/^53100$/, full],
  [/^(58...|XX00[12])$/, damaged],
  [/^25006$/, readOnly],
  [/^57P03$/, notReady],
  [/^22P05$/, unfit],
  [/^(08...|57...|53...)$/, unavailable],
];
const byCode: [pattern: RegExp, failure: Failure][] = [
  [/^(ENOTFOUND|EAI_.*|ENOENT|EACCES)$/, unavailable],
  [/(CERT|TLS|SSL|SIGNATURE)/, insecure],
];
const byMessage: [pattern: RegExp, failure: Failure][] = [
  [/^SASL/, denied],
  [/SSL|certificate/, insecure],
];

/**
 * Translates the error of pg or the server into Synapse's own. The original, which may quote the
 * address, is only in `cause`.
 */
export function toStorageError(cause: unknown, location: string): SynapseError | undefined {
  const state = sqlStateOf(cause);
  if (state === '22021') {
    return new InvalidDataError('A text holds characters that PostgreSQL refuses.', { cause });
  }
  if (isStatementMode(cause)) {
    return new ConfigError(
      `The pooler at ${location} is in statement mode, which allows no transactions.`,
      {
        hint: 'Set pool_mode = transaction for this database in the settings of the pooler, or use the address of the server itself.',
        cause,
      },
    );
  }
  const failure = failureOf(cause, state);
  if (!failure) return undefined;
  const { reason, message, hint } = failure;
  return new StorageError(message(location), { reason, hint, cause });
}

function failureOf(cause: unknown, state: string | undefined): Failure | undefined {
  const { code, name, message } = cause as { code?: unknown; name?: unknown; message?: unknown };
  if (name === 'KnexTimeoutError') return busy;
  if (isConnectionLost(cause)) return unavailable;
  if (state !== undefined) return match(byState, state);
  if (typeof code === 'string') return match(byCode, code);
  return typeof message === 'string' ? match(byMessage, message) : undefined;
}

function match(table: [RegExp, Failure][], text: string): Failure | undefined {
  return table.find(([pattern]) => pattern.test(text))?.[1];
}
