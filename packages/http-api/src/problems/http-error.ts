import { SynapseError, type SynapseErrorOptions } from '@synapse/core';

/** What HTTP itself refuses, before a use case sees the request: the code and the status. */
const failures = {
  INVALID_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  FOREIGN_ORIGIN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  KEY_IN_USE: 409,
  TOO_LARGE: 413,
  UNSUPPORTED_TYPE: 415,
  WRONG_HOST: 421,
  KEY_REUSED: 422,
  TOO_MANY_REQUESTS: 429,
  NOT_READY: 503,
} as const;

export type HttpFailure = keyof typeof failures;

/** A request that a door refused; no handler has seen it. */
export class HttpError extends SynapseError {
  override readonly code: `SYNAPSE_HTTP_${HttpFailure}`;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    failure: HttpFailure,
    message: string,
    { headers = {}, ...options }: SynapseErrorOptions & { headers?: Record<string, string> } = {},
  ) {
    super(message, options);
    this.code = `SYNAPSE_HTTP_${failure}`;
    this.status = failures[failure];
    this.headers = headers;
  }
}
/** Every code with its status, for the reference. */
export function httpFailures(): [code: string, status: number][] {
  return Object.entries(failures).map(([failure, status]) => [`SYNAPSE_HTTP_${failure}`, status]);
}
