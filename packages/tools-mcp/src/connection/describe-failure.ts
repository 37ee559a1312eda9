import { redactSecrets } from '@synapse/core';
import { cleanText } from './clean-text.ts';

const REQUEST_TIMEOUT = -32_001;
const CONNECTION_CLOSED = -32_000;

const STATUS: Record<number, string> = {
  401: 'requires authorization: add a header with a token to its entry',
  403: 'refused the authorization in its entry',
  404: 'has no MCP endpoint at this address',
  405: 'has no MCP endpoint at this address',
  429: 'received too many requests',
};

const SYSTEM: Record<string, string> = {
  ENOENT:
    'cannot be started: there is no such command or folder (one within the project needs its full path)',
  EACCES: 'cannot be started: the command may not be executed',
  ECONNREFUSED: 'cannot be reached: nothing listens at its address',
  ENOTFOUND: 'cannot be reached: its host is unknown',
  ECONNRESET: 'closed the connection unexpectedly',
  UND_ERR_SOCKET: 'closed the connection unexpectedly',
};

/** Describes the failure, as the end of a sentence that begins with the server's name. */
export function describeFailure(error: unknown): string {
  for (
    let current = error;
    typeof current === 'object' && current !== null;
    current = causeOf(current)
  ) {
    const { code, name } = current as { code?: unknown; name?: unknown };
    if (name === 'TimeoutError' || code === REQUEST_TIMEOUT) return 'did not answer in time';
    if (code === CONNECTION_CLOSED) return 'closed the connection';
    if (typeof code === 'number' && STATUS[code]) return STATUS[code];
    if (typeof code === 'string' && SYSTEM[code]) return SYSTEM[code];
  }
  const message = (error as { message?: unknown } | undefined)?.message;
  const text = redactSecrets(typeof message === 'string' ? message : 'no reason given');
  return `failed: ${cleanText(text)}`;
}

function causeOf(error: object): unknown {
  return (error as { cause?: unknown }).cause;
}
