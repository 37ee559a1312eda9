import {
  TokenConflictError,
  TokenNotFoundError,
  type NewToken,
  type OwnerFilter,
  type Scope,
  type Token,
  type TokenStore,
} from '@synapse/core/server';
import type { Database } from './database.ts';
import { filterByOwner } from './owner.ts';
import type { TokenRow } from './rows.ts';
import {
  fromStoredText,
  fromStoredTextOrNull,
  toStoredText,
  toStoredTextOrNull,
} from './stored-text.ts';

const MINUTE_MS = 60_000;

export class KnexTokenStore implements TokenStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async create(token: NewToken): Promise<Token> {
    const row = toRow(token);
    await this.#database.write((tables) => tables.from('tokens').insert(row), {
      isRepeatable: false,
      onDuplicate: () => new TokenConflictError(token.id),
    });
    return fromRow(row);
  }

  async find(hash: string, { owner }: OwnerFilter = {}): Promise<Token | undefined> {
    const [row] = await this.#database.read((tables) => {
      const select = tables.from('tokens').where('hash', hash).whereNull('revoked_at');
      filterByOwner(select, owner);
      return select;
    });
    return row && fromRow(row);
  }

  async list({ owner }: OwnerFilter = {}): Promise<Token[]> {
    const rows = await this.#database.read((tables) => {
      const select = tables.from('tokens').orderBy(['created_at', 'id']);
      filterByOwner(select, owner);
      return select;
    });
    return rows.map(fromRow);
  }

  async revoke(id: string, at: Date): Promise<Token> {
    const [row] = await this.#database.write(
      (tables) =>
        tables
          .from('tokens')
          .where('id', id)
          .update('revoked_at', tables.query.raw('coalesce(revoked_at, ?)', [at.getTime()]))
          .returning('*'),
      { isRepeatable: true },
    );
    if (!row) throw new TokenNotFoundError(id);
    return fromRow(row);
  }

  async used(id: string, at: Date): Promise<void> {
    const isDue = await this.#database.read(async (tables) => {
      const [row] = await tables.from('tokens').where('id', id).select('last_used_at');
      return row !== undefined && at.getTime() - (row.last_used_at ?? 0) >= MINUTE_MS;
    });
    if (!isDue) return;
    await this.#database.write(
      (tables) => tables.from('tokens').where('id', id).update({ last_used_at: at.getTime() }),
      { isRepeatable: true },
    );
  }
}

function toRow({ id, name, hash, scopes, owner, createdAt }: NewToken): TokenRow {
  return {
    ...{ id, hash, name: toStoredText(name), scopes: JSON.stringify(scopes) },
    ...{ owner: toStoredTextOrNull(owner), created_at: createdAt.getTime() },
    ...{ revoked_at: null, last_used_at: null },
  };
}

function fromRow(row: TokenRow): Token {
  return {
    id: row.id,
    name: fromStoredText(row.name),
    scopes: JSON.parse(row.scopes) as Scope[],
    owner: fromStoredTextOrNull(row.owner),
    createdAt: new Date(row.created_at),
    revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at),
    lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at),
  };
}
