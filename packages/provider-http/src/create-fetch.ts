import { ProviderError } from '@synapse/core';
import { fromErrorBody } from './from-error-body.ts';
import { MinimalResponse } from './minimal-response.ts';
import { networkFailure, TransportError } from './network-failure.ts';
import { parseRateLimitReset, parseRetryAfter } from './parse-retry-after.ts';
import { freshHttpAgent, pickHttpAgent, abortError, sendRequest } from './send-request.ts';
import type { ProviderContext } from './provider-context.ts';
import { proxyFor, type Environment } from './proxy-for.ts';

/** The default limit on the silence of a provider. */
export const IDLE_TIMEOUT_MS = 120_000;

export interface FetchOptions extends ProviderContext {
  connectTimeoutMs: number;
  /** The time limit for the beginning of an answer; undefined for the default. */
  idleTimeoutMs: number | undefined;
  /** Where the proxy variables are looked up; undefined for direct connections. */
  environment: Environment | undefined;
}

/** The part of a fetch request that the SDKs use. */
export interface MinimalRequest {
  method?: string;
  headers?: Headers;
  body?: string | null;
  signal?: AbortSignal | null;
}

export type MinimalFetch = (url: string | URL, init?: MinimalRequest) => Promise<MinimalResponse>;

/**
 * A fetch over node:http(s), whose first use costs a fifth of that of the global fetch. It resolves
 * only with success; everything else is a TransportError that contains a ProviderError, or an
 * AbortError. It does not follow redirects, so that a key goes only to the configured host.
 */
export function createFetch(options: FetchOptions): MinimalFetch {
  const { provider, environment = {}, idleTimeoutMs = IDLE_TIMEOUT_MS } = options;
  return async (address, init = {}) => {
    const url = new URL(address);
    const signal = init.signal ?? undefined;
    const toFailure = (error: unknown): Error => {
      if (signal?.aborted === true) return abortError();
      return new TransportError(
        error instanceof ProviderError
          ? error
          : networkFailure(provider, placeOf(url, environment), error),
      );
    };
    let response: MinimalResponse;
    try {
      const message = await sendRequest({
        ...options,
        idleTimeoutMs,
        url,
        method: init.method ?? 'GET',
        headers: withLength(init),
        body: init.body ?? undefined,
        agent: await pickHttpAgent(url, environment),
        freshHttpAgent: () => freshHttpAgent(url, environment),
        signal,
      });
      response = new MinimalResponse(url, message, toFailure);
    } catch (error) {
      throw toFailure(error);
    }
    if (response.ok) return response;
    throw new TransportError(await toStatusFailure(response, { ...options, idleTimeoutMs }));
  };
}

/** The host of a connection attempt, for explaining a failure. */
function placeOf(url: URL, environment: Environment): string {
  const proxy = proxyFor(url, environment);
  if (proxy === undefined || !URL.canParse(proxy)) return url.host;
  return `${url.host} through the proxy ${new URL(proxy).host}`;
}

function withLength(init: MinimalRequest): Record<string, string> {
  const headers = Object.fromEntries(init.headers ?? []);
  if (typeof init.body === 'string') {
    headers['content-length'] = String(Buffer.byteLength(init.body));
  }
  return headers;
}

async function toStatusFailure(
  response: MinimalResponse,
  options: ProviderContext & { idleTimeoutMs: number },
): Promise<ProviderError> {
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    response.body.destroy();
    return redirectFailure(response, options.provider);
  }
  // If the body does not arrive, the status alone explains the failure.
  const text = await response.explanation(options.idleTimeoutMs).catch(() => '');
  const nowMs = Date.now();
  const waits = {
    retryAfterMs: parseRetryAfter(headers, nowMs),
    resetMs: parseRateLimitReset(headers, nowMs),
  };
  return fromErrorBody({ body: jsonOrText(text), status, ...waits }, options);
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function redirectFailure(response: MinimalResponse, provider: string): ProviderError {
  const location = response.headers.get('location') ?? '';
  const target = URL.canParse(location, response.url)
    ? ` to ${new URL(location, response.url).origin}`
    : '';
  return new ProviderError(
    `${provider} answered with a redirect${target} (${response.status}), which is not followed.`,
    {
      provider,
      reason: 'invalid-response',
      status: response.status,
      isRetryable: false,
      hint: 'If the new address is right, make it the base URL of this provider.',
    },
  );
}
