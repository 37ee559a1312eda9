import {
  ConfigError,
  LimitReachedError,
  NoProviderError,
  NotPermittedError,
  ProviderError,
  StorageError,
  SynapseError,
  type ProviderFailure,
} from '@synapse/core';
import { HttpError } from '../problems/http-error.ts';
import { InvalidRequestError } from './client-fields.ts';

/** A failure in the terms that all dialects share. */
export interface Failure {
  status: number;
  kind: FailureKind;
  /** The text for the user, with the advice. */
  message: string;
  /** Stable, in lower case. */
  code: string;
  /** The path of the wrong field of the request. */
  param: string | null;
  /** Whether the same request may succeed later. */
  isRetryable: boolean;
  retryAfterMs: number | null;
}

export type FailureKind =
  | 'invalid'
  | 'too-long'
  | 'not-found'
  | 'unauthorized'
  | 'forbidden'
  | 'conflict'
  | 'rate-limit'
  | 'quota'
  | 'overloaded'
  | 'broken';

const PROVIDER_KINDS: Record<ProviderFailure, [status: number, kind: FailureKind]> = {
  // The key of Synapse was refused, not that of the client.
  auth: [502, 'broken'],
  'rate-limit': [429, 'rate-limit'],
  quota: [429, 'quota'],
  overloaded: [503, 'overloaded'],
  'context-length': [400, 'too-long'],
  refused: [400, 'invalid'],
  network: [502, 'broken'],
  timeout: [504, 'broken'],
  'invalid-request': [400, 'invalid'],
  'invalid-response': [502, 'broken'],
  'response-too-large': [502, 'broken'],
  'model-not-found': [404, 'not-found'],
  'no-tools': [400, 'invalid'],
  'replay-refused': [400, 'invalid'],
};

const NOT_SET_UP: [status: number, kind: FailureKind] = [400, 'invalid'];

const HTTP_KINDS: Readonly<Record<number, FailureKind>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  429: 'rate-limit',
};

export function toFailure(error: unknown): Failure {
  const base = { param: null, retryAfterMs: null, isRetryable: false };
  if (!(error instanceof SynapseError)) {
    const message = 'An unexpected fault ended the request.';
    return { ...base, status: 500, kind: 'broken', message, code: 'synapse_bug' };
  }
  const message = [error.message, error.hint ?? ''].join(' ').trim();
  const code = error.code.toLowerCase();
  if (error instanceof ProviderError) {
    // Without a status, no server was asked: Synapse has no key for the model.
    const isUnasked = error.reason === 'auth' && error.status === undefined;
    const [status, kind] = isUnasked ? NOT_SET_UP : PROVIDER_KINDS[error.reason];
    const { isRetryable, retryAfterMs = null } = error;
    return { ...base, status, kind, message, code, isRetryable, retryAfterMs };
  }
  if (error instanceof HttpError) {
    const { status } = error;
    const kind = HTTP_KINDS[status] ?? (status < 500 ? 'invalid' : 'overloaded');
    const isRetryable = status === 409 || status === 429 || status >= 500;
    return { ...base, status, kind, message, code, isRetryable };
  }
  const param = error instanceof InvalidRequestError ? error.param : null;
  const [status, kind] = kindOf(error);
  const isRetryable = kind === 'overloaded' || kind === 'conflict';
  return { ...base, status, kind, message, code, param, isRetryable };
}

function kindOf(error: SynapseError): [status: number, kind: FailureKind] {
  if (error instanceof LimitReachedError) return [429, 'quota'];
  if (error instanceof NotPermittedError) return [403, 'forbidden'];
  if (error instanceof StorageError || error instanceof NoProviderError) return [503, 'overloaded'];
  if (error instanceof ConfigError) return [400, 'invalid'];
  switch (error.code) {
    case 'SYNAPSE_SESSION_NOT_FOUND':
    case 'SYNAPSE_MESSAGE_NOT_FOUND':
      return [404, 'not-found'];
    case 'SYNAPSE_SESSION_HELD':
    case 'SYNAPSE_SESSION_BUSY':
    case 'SYNAPSE_SESSION_CONFLICT':
      return [409, 'conflict'];
    case 'SYNAPSE_CONTEXT_FULL':
      return [400, 'too-long'];
    case 'SYNAPSE_INTERRUPTED':
      return [503, 'overloaded'];
    default:
      return [400, 'invalid'];
  }
}

/** Both official SDKs follow these headers. */
export function failureHeaders({ isRetryable, retryAfterMs }: Failure): Record<string, string> {
  return {
    'x-should-retry': String(isRetryable),
    ...(retryAfterMs !== null && { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
  };
}
