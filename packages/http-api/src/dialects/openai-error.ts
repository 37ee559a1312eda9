import { toFailure, type Failure, type FailureKind } from './failure.ts';

const TYPES: Record<FailureKind, string> = {
  invalid: 'invalid_request_error',
  'too-long': 'invalid_request_error',
  'not-found': 'invalid_request_error',
  unauthorized: 'authentication_error',
  forbidden: 'permission_error',
  conflict: 'conflict_error',
  'rate-limit': 'rate_limit_error',
  quota: 'insufficient_quota',
  overloaded: 'server_error',
  broken: 'server_error',
};

/** The codes that clients know. */
const CODES: Partial<Record<FailureKind, string>> = {
  'too-long': 'context_length_exceeded',
  'rate-limit': 'rate_limit_exceeded',
  quota: 'insufficient_quota',
};

export interface OpenAiError {
  failure: Failure;
  body: { error: { message: string; type: string; param: string | null; code: string } };
}

/** An error as the SDKs of OpenAI read it. */
export function toOpenAiError(error: unknown): OpenAiError {
  const failure = toFailure(error);
  const { message, kind, param, code } = failure;
  return {
    failure,
    body: { error: { message, type: TYPES[kind], param, code: CODES[kind] ?? code } },
  };
}
