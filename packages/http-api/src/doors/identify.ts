import { hashToken, isTokenSecret } from '@synapse/app/server/tokens';
import type { Identity, Scope, TokenStore } from '@synapse/core/server';
import { HttpError } from '../problems/http-error.ts';

const NOTED_MS = 60_000;

/**
 * The only place that reads credentials; finds out who asks, or rejects with status 401. Only hashes
 * of random tokens are compared, so the time of a comparison tells nothing about a token.
 */
export async function identify(
  headers: Headers,
  tokens: Pick<TokenStore, 'find' | 'used'>,
  now: Date,
): Promise<Identity> {
  const secret = readToken(headers);
  if (secret === undefined) {
    throw unauthorized('This request has no token.', 'Send it as "Authorization: Bearer syn_…".');
  }
  const token = isTokenSecret(secret) ? await tokens.find(hashToken(secret)) : undefined;
  if (!token) {
    throw unauthorized('The token is unknown or revoked.', 'Create another one on the server.');
  }
  // Asking the store to note it costs a query, and it notes one use a minute.
  const isNoted = now.getTime() - (token.lastUsedAt?.getTime() ?? 0) < NOTED_MS;
  if (!isNoted) await tokens.used(token.id, now);
  return { owner: token.owner, tokenId: token.id, scopes: token.scopes };
}

export function requireScope({ scopes }: Identity, scope: Scope): void {
  if (scopes.includes(scope) || scopes.includes('admin')) return;
  throw new HttpError('FORBIDDEN', `The token does not have the scope "${scope}".`, {
    hint: 'Create a token with this scope on the server.',
  });
}

/** `x-api-key` is the header of clients of Anthropic. */
function readToken(headers: Headers): string | undefined {
  const authorization = headers.get('authorization');
  if (authorization === null) return headers.get('x-api-key') ?? undefined;
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1];
}

function unauthorized(message: string, hint: string): HttpError {
  const headers = { 'www-authenticate': 'Bearer realm="synapse"' };
  return new HttpError('UNAUTHORIZED', message, { hint, headers });
}
