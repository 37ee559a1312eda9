import { SynapseError } from '@synapse/core';
import { HttpError } from './http-error.ts';

const statuses: Readonly<Record<string, number>> = {
  SYNAPSE_USAGE: 400,
  SYNAPSE_INVALID_DATA: 422,
  SYNAPSE_FILE_NOT_FOUND: 404,
  SYNAPSE_SESSION_NOT_FOUND: 404,
  SYNAPSE_MESSAGE_NOT_FOUND: 404,
  SYNAPSE_SESSION_AMBIGUOUS: 409,
  SYNAPSE_SESSION_CONFLICT: 409,
  SYNAPSE_SESSION_BUSY: 409,
  SYNAPSE_SESSION_HELD: 409,
  SYNAPSE_SESSION_CHANGED: 412,
  SYNAPSE_TOKEN_NOT_FOUND: 404,
  SYNAPSE_TOKEN_CONFLICT: 409,
  SYNAPSE_RUN_NOT_FOUND: 404,
  SYNAPSE_RUN_ENDED: 409,
  SYNAPSE_APPROVAL_NOT_FOUND: 404,
  SYNAPSE_APPROVAL_CLOSED: 409,
  SYNAPSE_CONTEXT_FULL: 413,
  SYNAPSE_LIMIT_REACHED: 429,
  SYNAPSE_NOT_PERMITTED: 403,
  SYNAPSE_CONFIG: 409,
  SYNAPSE_INTERRUPTED: 503,
  SYNAPSE_MCP: 502,
  SYNAPSE_PROVIDER_RATE_LIMIT: 503,
  SYNAPSE_PROVIDER_QUOTA: 503,
  SYNAPSE_PROVIDER_OVERLOADED: 503,
  SYNAPSE_PROVIDER_TIMEOUT: 504,
  SYNAPSE_PROVIDER_CONTEXT_LENGTH: 413,
  SYNAPSE_PROVIDER_REFUSED: 422,
  SYNAPSE_PROVIDER_MODEL_NOT_FOUND: 404,
};

/** Seconds after which a store or a provider in trouble is worth another try. */
const RETRY_AFTER_SECONDS = 2;

/** The HTTP status of a failure; one that Synapse does not expect is a 500. */
export function statusOf(error: unknown): number {
  if (error instanceof HttpError) return error.status;
  if (!(error instanceof SynapseError)) return 500;
  if (error.action?.name === 'restore-session') return 410;
  const known = statuses[error.code];
  if (known !== undefined) return known;
  if (error.code.startsWith('SYNAPSE_STORAGE_')) return 503;
  return error.code.startsWith('SYNAPSE_PROVIDER_') ? 502 : 500;
}

/** `Retry-After` for a failure that may pass by itself. */
export function retryAfterOf(error: unknown): number | undefined {
  if (error instanceof HttpError || statusOf(error) !== 503) return undefined;
  const { retryAfterMs } = error as { retryAfterMs?: number };
  return retryAfterMs === undefined ? RETRY_AFTER_SECONDS : Math.ceil(retryAfterMs / 1000);
}
