/** Headers of every reply; a page that needs more of the browser sets its own policy. */
const headers: readonly [name: string, value: string][] = [
  ['cache-control', 'no-store'],
  [
    'content-security-policy',
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox",
  ],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['x-robots-tag', 'noindex'],
];

/** Adds the headers that the reply does not have. */
export function addSecurityHeaders(reply: Headers): void {
  for (const [name, value] of headers) if (!reply.has(name)) reply.set(name, value);
}
