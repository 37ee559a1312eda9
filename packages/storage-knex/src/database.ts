import { setTimeout as sleep } from 'node:timers/promises';
import { SynapseError } from '@synapse/core';
import type { Knex } from 'knex';
import type { SqlDialect, RunSql, SqlValue } from './dialect.ts';
import { revert } from './migrate.ts';
import { Tables } from './tables.ts';

// A server that restarts is unavailable for about a second.
const RETRY_DELAYS_MS = [0, 200, 1000];
// A caller that has already waited this long gets the error.
const MAX_RETRIED_MS = 8000;

export interface WriteOptions {
  /** Whether the work can be repeated although it may have been committed. */
  isRepeatable: boolean;
  /** Makes the error for a violated unique index. */
  onDuplicate?: (key: string) => SynapseError;
}

/** Runs work on the tables, retries where that is safe, and translates failures. */
export class Database {
  readonly dialect: SqlDialect;
  readonly #knex: Knex;
  readonly #underWay = new Set<Promise<unknown>>();
  #noteCommit: () => void = () => undefined;

  constructor(knex: Knex, dialect: SqlDialect) {
    this.#knex = knex;
    this.dialect = dialect;
  }

  /** Calls this after each transaction that this process commits. */
  afterCommit(note: () => void): void {
    this.#noteCommit = note;
  }

  read<T>(work: (tables: Tables) => Promise<T>): Promise<T> {
    return this.#track(
      this.#attempt(
        () => work(new Tables(this.#knex, this.dialect)),
        () => true,
      ),
    );
  }

  /** Reverts the newest migration, in a transaction under the dialect's lock. */
  revertSchema(): Promise<void> {
    return this.#track(
      this.#attempt(
        () => revert(this.#knex, this.dialect),
        () => false,
      ),
    );
  }

  /**
   * One transaction. On SQLite its first statement has to write, or it may fail at once as busy.
   */
  write<T>(
    work: (tables: Tables, attempt: number) => Promise<T>,
    { isRepeatable, onDuplicate }: WriteOptions,
  ): Promise<T> {
    let isCommitting = false;
    const run = async (attempt: number) => {
      isCommitting = false;
      let reason: unknown;
      try {
        const done = await this.#knex.transaction(async (transaction) => {
          const tables = new Tables(transaction, this.dialect);
          const result = await work(tables, attempt).catch((error: unknown) => {
            reason = error;
            throw error;
          });
          isCommitting = true;
          return result;
        });
        this.#confirm();
        return done;
      } catch (error) {
        // SQLite rolls back by itself when the disk is full, so an error of Knex's rollback is
        // expected then.
        throw reason ?? error;
      }
    };
    return this.#track(this.#attempt(run, () => isRepeatable || !isCommitting, onDuplicate));
  }

  /** Like `transaction`, but with finished SQL, for hot paths; the work must be repeatable. */
  writeRaw<T>(
    work: (run: RunSql) => Promise<T>,
    onDuplicate: (key: string) => SynapseError,
  ): Promise<T> {
    const run = () => inRawTransaction(this.#knex, this.dialect, work);
    return this.#track(this.#attempt(this.#confirmed(run), () => true, onDuplicate));
  }

  /** The same for a single statement. */
  writeAtOnce<T>(
    work: (run: RunSql) => Promise<T>,
    onDuplicate: (key: string) => SynapseError,
  ): Promise<T> {
    const run = () => onConnection(this.#knex, this.dialect, work);
    return this.#track(this.#attempt(this.#confirmed(run), () => true, onDuplicate));
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    await this.#knex.destroy();
  }

  #confirmed<T>(run: () => Promise<T>): () => Promise<T> {
    return async () => {
      const result = await run();
      this.#confirm();
      return result;
    };
  }

  #confirm(): void {
    this.dialect.confirmCommit();
    this.#noteCommit();
  }

  async #attempt<T>(
    run: (attempt: number) => Promise<T>,
    mayRepeat: () => boolean,
    onDuplicate?: (key: string) => SynapseError,
  ): Promise<T> {
    const start = performance.now();
    for (let attempt = 0; ; attempt++) {
      try {
        return await run(attempt);
      } catch (error) {
        if (error instanceof SynapseError) throw error;
        this.dialect.onFailure(error);
        const delayMs = RETRY_DELAYS_MS[attempt];
        const isLate = performance.now() - start > MAX_RETRIED_MS;
        const mayHelp = delayMs !== undefined && !isLate && this.dialect.isTransient(error);
        if (!mayHelp || !mayRepeat()) {
          throw await this.#translate(error, onDuplicate);
        }
        await sleep(delayMs);
      }
    }
  }

  async #translate(error: unknown, onDuplicate?: (key: string) => SynapseError): Promise<unknown> {
    const key = onDuplicate && this.dialect.duplicateKey(error);
    if (key !== undefined) return onDuplicate?.(key);
    return (await this.dialect.toStorageError(error, this.#knex)) ?? error;
  }

  async #track<T>(promise: Promise<T>): Promise<T> {
    this.#underWay.add(promise);
    try {
      return await promise;
    } finally {
      this.#underWay.delete(promise);
    }
  }
}

interface Connection {
  /** Makes Knex discard this connection. */
  __knex__disposed?: unknown;
}

/** The private method with which Knex runs its own statements. */
interface Client {
  acquireConnection(): Promise<Connection>;
  releaseConnection(connection: Connection): Promise<void>;
  query(
    connection: unknown,
    query: { sql: string; bindings: readonly SqlValue[] },
  ): Promise<{ response: { rows: object[] } }>;
}

/**
 * A transaction of finished SQL. Knex's own transactions and query building cost more time than the
 * database needs to make a row durable.
 */
function inRawTransaction<T>(
  knex: Knex,
  dialect: SqlDialect,
  work: (run: RunSql) => Promise<T>,
): Promise<T> {
  return onConnection(knex, dialect, async (run, connection) => {
    try {
      await run('BEGIN;');
      const result = await work(run);
      await run('COMMIT;');
      return result;
    } catch (error) {
      await run('ROLLBACK').catch((reason: unknown) => {
        connection.__knex__disposed = reason;
      });
      throw error;
    }
  });
}

/** For a single statement of finished SQL, which is a transaction by itself. */
async function onConnection<T>(
  knex: Knex,
  dialect: SqlDialect,
  work: (run: RunSql, connection: Connection) => Promise<T>,
): Promise<T> {
  const client = knex.client as Client;
  const connection = await client.acquireConnection();
  try {
    return await work(dialect.runnerOn(connection, knex), connection);
  } finally {
    await client.releaseConnection(connection);
  }
}

/** Set by Knex, for drivers whose answer has `rows`. */
export function knexRunnerOn(connection: unknown, knex: Knex): RunSql {
  const client = knex.client as Client;
  return async <Row>(sql: string, values: readonly SqlValue[] = []) => {
    const { response } = await client.query(connection, { sql, bindings: values });
    return response.rows as Row[];
  };
}
