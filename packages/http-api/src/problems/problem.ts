import { redactSecrets, SessionHeldError, SynapseError } from '@synapse/core';
import { ActiveRunError } from '@synapse/app/runs/active-run-error';
import { HttpError } from './http-error.ts';
import { retryAfterOf, statusOf } from './status-of.ts';

/** A problem document of RFC 9457, with the stable code and the hint of the error. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** Names the request in the log. */
  instance: string;
  code: string;
  hint?: string;
  /** The process that writes to the session, if another one does. */
  holder?: { host: string; pid: number; hasExpired: boolean };
  /** The active run of the session, if that is why it is busy. */
  run?: string;
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** Describes a failure without stack traces and without the given secrets. */
export function toProblem(
  error: unknown,
  requestId: string,
  secrets: readonly string[] = [],
): Problem {
  const status = statusOf(error);
  const isExpected = error instanceof SynapseError;
  const code = isExpected ? error.code : 'SYNAPSE_UNEXPECTED';
  const detail = isExpected ? error.message : 'Synapse failed unexpectedly.';
  const hint = isExpected ? error.hint : 'The log has details: look for this request there.';
  return {
    type: `urn:synapse:error:${code}`,
    title: titles[status] ?? 'Error',
    status,
    detail: redactSecrets(detail, secrets),
    instance: `urn:uuid:${requestId}`,
    code,
    ...(hint !== undefined && { hint: redactSecrets(hint, secrets) }),
    ...(error instanceof ActiveRunError && { run: error.runId }),
    ...(error instanceof SessionHeldError && {
      holder: {
        host: error.lease.holder.host,
        pid: error.lease.holder.pid,
        hasExpired: error.hasExpired,
      },
    }),
  };
}

export function problemResponse(error: unknown, problem: Problem): Response {
  const retryAfter = retryAfterOf(error);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      ...(error instanceof HttpError && error.headers),
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    },
  });
}
