/** How long a browser may remember that a page may ask. */
const MAX_AGE_SECONDS = '600';
const SENT = 'authorization, content-type, if-match, if-none-match, idempotency-key, last-event-id';
const SHOWN = 'etag, location, ratelimit, ratelimit-policy, retry-after, x-request-id';

/**
 * The headers with which a browser lets a page of an allowed origin read the reply; none for every
 * other page. Never `*`, and never with cookies: pages send a token.
 */
export function crossOriginHeaders(
  headers: Headers,
  origins: ReadonlySet<string>,
): Record<string, string> {
  const origin = headers.get('origin');
  if (origin === null || !origins.has(origin)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': SHOWN,
    // The server's own policy is for its own pages.
    'cross-origin-resource-policy': 'cross-origin',
    vary: 'origin',
  };
}

/** The reply to a browser that asks whether the page may ask; undefined for any other request. */
export function preflightReply(
  method: string,
  headers: Headers,
  origins: ReadonlySet<string>,
): Response | undefined {
  const isAllowed = origins.has(headers.get('origin') ?? '');
  if (method !== 'OPTIONS' || !isAllowed || !headers.has('access-control-request-method')) {
    return undefined;
  }
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': SENT,
      'access-control-max-age': MAX_AGE_SECONDS,
    },
  });
}
