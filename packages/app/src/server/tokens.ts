import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { newId, UsageError } from '@synapse/core';
import { writePrivateFile } from '@synapse/core/files';
import {
  scopes as allScopes,
  TokenConflictError,
  TokenNotFoundError,
  type Scope,
  type Token,
  type TokenStore,
} from '@synapse/core/server';

/** 256 random bits in base64url, after a prefix that scanners for leaked keys can find. */
const SECRET = /^syn_[A-Za-z0-9_-]{43}$/;
const LONGEST_NAME = 64;

export interface CreatedToken {
  token: Token;
  /** Shown once; the store has only its hash. */
  secret: string;
}

export interface WantedToken {
  id?: string | undefined;
  name: string;
  scopes: readonly Scope[];
  owner?: string | null;
  now: Date;
}

export function isTokenSecret(text: string): boolean {
  return SECRET.test(text);
}

export function hashToken(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Makes a token with these scopes; without any, it may only read. */
export async function createToken(
  tokens: Pick<TokenStore, 'create'>,
  wanted: WantedToken,
): Promise<CreatedToken> {
  const { name } = wanted;
  if (name.trim() === '' || name.length > LONGEST_NAME || /\p{C}/u.test(name)) {
    throw new UsageError(`A token needs a name of 1 to ${LONGEST_NAME} characters.`);
  }
  const secret = newSecret();
  return { token: await storeToken(tokens, secret, wanted), secret };
}

/** Finds a token by its id, the beginning of its id, or its name, and revokes it. */
export async function revokeToken(
  tokens: Pick<TokenStore, 'list' | 'revoke'>,
  reference: string,
  now: Date,
): Promise<Token> {
  const all = await tokens.list();
  const active = all.filter(({ revokedAt }) => revokedAt === null);
  const found =
    all.find(({ id }) => id === reference) ??
    theOnly(
      active.filter(({ name }) => name === reference),
      reference,
    ) ??
    theOnly(
      active.filter(({ id }) => id.startsWith(reference)),
      reference,
    );
  if (!found) throw new TokenNotFoundError(reference);
  return tokens.revoke(found.id, now);
}

/**
 * The token of this machine, with every scope: from the file, or a new one. A store that does not
 * know the one in the file yet, such as a restored copy, learns it. A revoked one is replaced.
 */
export async function ownToken(
  tokens: Pick<TokenStore, 'create' | 'find'>,
  file: string,
  now: Date,
): Promise<{ secret: string; isNew: boolean }> {
  const kept = await readSecret(file);
  if (kept !== undefined && (await knows(tokens, kept, now))) return { secret: kept, isNew: false };
  const secret = newSecret();
  // A file without its row is mended at the next start; a row without its file would stay unused.
  await writePrivateFile(file, `${secret}\n`);
  await storeToken(tokens, secret, { name: 'this machine', scopes: allScopes, now });
  return { secret, isNew: true };
}

/** False for a revoked token. */
async function knows(
  tokens: Pick<TokenStore, 'create' | 'find'>,
  secret: string,
  now: Date,
): Promise<boolean> {
  if (await tokens.find(hashToken(secret))) return true;
  try {
    await storeToken(tokens, secret, { name: 'this machine', scopes: allScopes, now });
    return true;
  } catch (error) {
    if (error instanceof TokenConflictError) return false;
    throw error;
  }
}

function storeToken(
  tokens: Pick<TokenStore, 'create'>,
  secret: string,
  wanted: WantedToken,
): Promise<Token> {
  const { id = newId(), name, scopes, owner = null, now } = wanted;
  return tokens.create({
    ...{ id, name, hash: hashToken(secret), owner, createdAt: now },
    scopes: scopes.length > 0 ? scopes : ['read'],
  });
}

function newSecret(): string {
  return `syn_${randomBytes(32).toString('base64url')}`;
}

async function readSecret(file: string): Promise<string | undefined> {
  try {
    const text = (await readFile(file, 'utf8')).trim();
    return isTokenSecret(text) ? text : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function theOnly(found: readonly Token[], reference: string): Token | undefined {
  if (found.length > 1) {
    throw new UsageError(`"${reference}" fits ${found.length} tokens.`, {
      hint: 'Give the id of one of them.',
    });
  }
  return found[0];
}
