import { toFailure, type Failure, type FailureKind } from './failure.ts';

const TYPES: Record<FailureKind, string> = {
  invalid: 'invalid_request_error',
  'too-long': 'invalid_request_error',
  'not-found': 'not_found_error',
  unauthorized: 'authentication_error',
  forbidden: 'permission_error',
  conflict: 'api_error',
  'rate-limit': 'rate_limit_error',
  quota: 'billing_error',
  overloaded: 'overloaded_error',
  broken: 'api_error',
};

export interface AnthropicError {
  failure: Failure;
  body: { type: 'error'; error: { type: string; message: string; code: string } };
}

/** An error as the SDKs of Anthropic read it. */
export function toAnthropicError(error: unknown): AnthropicError {
  const failure = toFailure(error);
  // Claude Code shortens its conversation when it reads these words.
  const prefix = failure.kind === 'too-long' ? 'prompt is too long: ' : '';
  return {
    failure,
    body: {
      type: 'error',
      error: {
        type: TYPES[failure.kind],
        message: `${prefix}${failure.message}`,
        code: failure.code,
      },
    },
  };
}
