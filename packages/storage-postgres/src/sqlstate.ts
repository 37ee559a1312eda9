/** The code of an error that the server sent; undefined for all others. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

const LOST = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
// pg gives these errors no code, and Knex puts the statement in front of the message.
const LOST_MESSAGE =
  /(?:^| - )(?:Connection terminated|Client has encountered a connection error|timeout expired|Connection ended)/;

/** The connection to the server was lost, or could not be made. */
export function isConnectionLost(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'string') return LOST.has(code);
  return typeof message === 'string' && LOST_MESSAGE.test(message);
}

// Connection failures, a server that is starting or stopping or has no room, a deadlock, a
// transaction that was ended for being idle.
const TRANSIENT = /^(08...|57P0[123]|53300|40001|40P01|25P0[34])$/;

/**
 * A pooler that gives each statement to another connection refuses transactions and closes the
 * connection.
 */
export function isStatementMode(error: unknown): boolean {
  return (error as Partial<Error>).message?.includes('statement pooling mode') === true;
}

export function isTransient(error: unknown): boolean {
  if (isStatementMode(error)) return false;
  return TRANSIENT.test(sqlStateOf(error) ?? '') || isConnectionLost(error);
}
