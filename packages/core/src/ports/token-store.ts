import type { OwnerFilter, Scope } from './identity.ts';

/**
 * The tokens with which programs ask a server. The store never sees a token, only its SHA-256 hash,
 * which suffices because a token is 256 random bits. Tokens are neither exported nor copied to
 * another store.
 */
export interface TokenStore {
  /** Rejects with TokenConflictError if the id or the hash is taken. */
  create(token: NewToken): Promise<Token>;

  /** The token with this hash; undefined if it is unknown or revoked. */
  find(hash: string, filter?: OwnerFilter): Promise<Token | undefined>;

  /** All tokens, revoked ones included, the oldest first. */
  list(filter?: OwnerFilter): Promise<Token[]>;

  /**
   * Revokes a token for good and returns it; a token that is revoked already stays as it is.
   * Rejects with TokenNotFoundError for an unknown id.
   */
  revoke(id: string, at: Date): Promise<Token>;

  /**
   * Notes that the token was used. Writes at most once a minute: nothing if the noted time is less
   * than a minute before `at`. Unknown ids are ignored.
   */
  used(id: string, at: Date): Promise<void>;
}

export interface NewToken {
  id: string;
  /** Chosen by a person, such as `laptop`. */
  name: string;
  /** SHA-256 of the token, as 64 hexadecimal digits in lower case. */
  hash: string;
  scopes: readonly Scope[];
  /** The owner of the sessions that the token reaches; null is `local`. */
  owner: string | null;
  createdAt: Date;
}

/** Without the hash, so that no list shows it. */
export interface Token extends Omit<NewToken, 'hash'> {
  revokedAt: Date | null;
  /** To the minute; null if it was never used. */
  lastUsedAt: Date | null;
}
