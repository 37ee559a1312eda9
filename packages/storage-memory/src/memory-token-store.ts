import {
  TokenConflictError,
  TokenNotFoundError,
  type NewToken,
  type OwnerFilter,
  type Token,
  type TokenStore,
} from '@synapse/core/server';

const MINUTE_MS = 60_000;

interface KeptToken extends Token {
  hash: string;
}

export class MemoryTokenStore implements TokenStore {
  readonly #tokens = new Map<string, KeptToken>();

  async create(token: NewToken): Promise<Token> {
    if (this.#tokens.has(token.id) || this.#byHash(token.hash)) {
      throw new TokenConflictError(token.id);
    }
    const kept = { ...structuredClone(token), revokedAt: null, lastUsedAt: null };
    this.#tokens.set(token.id, kept);
    return withoutHash(kept);
  }

  async find(hash: string, { owner }: OwnerFilter = {}): Promise<Token | undefined> {
    const token = this.#byHash(hash);
    if (token?.revokedAt !== null) return undefined;
    return owner === undefined || token.owner === owner ? withoutHash(token) : undefined;
  }

  async list({ owner }: OwnerFilter = {}): Promise<Token[]> {
    return [...this.#tokens.values()]
      .filter((token) => owner === undefined || token.owner === owner)
      .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1))
      .map(withoutHash);
  }

  async revoke(id: string, at: Date): Promise<Token> {
    const token = this.#tokens.get(id);
    if (!token) throw new TokenNotFoundError(id);
    token.revokedAt ??= new Date(at);
    return withoutHash(token);
  }

  async used(id: string, at: Date): Promise<void> {
    const token = this.#tokens.get(id);
    if (!token || at.getTime() - (token.lastUsedAt?.getTime() ?? 0) < MINUTE_MS) return;
    token.lastUsedAt = new Date(at);
  }

  #byHash(hash: string): KeptToken | undefined {
    return [...this.#tokens.values()].find((token) => token.hash === hash);
  }
}

function withoutHash({ hash: _hash, ...token }: KeptToken): Token {
  return structuredClone(token);
}
