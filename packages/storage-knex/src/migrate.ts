import { StorageError, type SchemaStatus } from '@synapse/core';
import type { Knex } from 'knex';
import type { SqlDialect } from './dialect.ts';
import { migrations as allMigrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { Tables } from './tables.ts';

export const SCHEMA_VERSION = allMigrations.length;

/** Throws if the schema is newer than this program, which must not touch it. */
export function refuseNewerSchema(version: number, known: number = SCHEMA_VERSION): void {
  if (version <= known) return;
  throw new StorageError(
    `The database has schema version ${version}; this Synapse knows versions up to ${known}.`,
    { reason: 'schema-newer', hint: 'Update Synapse: a newer version wrote this database.' },
  );
}

/** Brings the schema up to date. Each step and its record share a transaction. */
export async function migrate(
  knex: Knex,
  dialect: SqlDialect,
  migrations: readonly Migration[] = allMigrations,
): Promise<void> {
  const version = await dialect.readSchemaVersion(knex);
  refuseNewerSchema(version, migrations.length);
  for (const [index, migration] of migrations.entries()) {
    if (index >= version) await applyStep(knex, dialect, migration, index + 1);
  }
}

/** Reverts the newest migration. */
export async function revert(
  knex: Knex,
  dialect: SqlDialect,
  migrations: readonly Migration[] = allMigrations,
): Promise<void> {
  await knex.transaction(async (transaction) => {
    await dialect.lockForMigration(transaction);
    const version = await dialect.readSchemaVersion(transaction);
    refuseNewerSchema(version, migrations.length);
    const tables = new Tables(transaction, dialect);
    await migrations[version - 1]?.down(tables);
    await records(tables).where({ version }).delete();
    await dialect.noteSchemaVersion(transaction, Math.max(0, version - 1));
  });
}

async function applyStep(
  knex: Knex,
  dialect: SqlDialect,
  migration: Migration,
  version: number,
): Promise<void> {
  await knex.transaction(async (transaction) => {
    await dialect.lockForMigration(transaction);
    const tables = new Tables(transaction, dialect);
    await createRecords(tables);
    // Another process may have migrated before this one got the lock.
    if ((await dialect.readSchemaVersion(transaction)) >= version) return;
    await migration.up(tables);
    await records(tables).insert({ version, name: migration.name, applied_at: Date.now() });
    await dialect.noteSchemaVersion(transaction, version);
  });
}

async function createRecords(tables: Tables): Promise<void> {
  await tables.query.raw(
    'create table if not exists ?? (version integer primary key, name text not null, applied_at bigint not null)',
    [tables.nameOf('schema_migrations')],
  );
}

/** The applied migrations, and those that this program would apply. */
export async function readSchemaStatus(tables: Tables): Promise<SchemaStatus> {
  return toSchemaStatus(await records(tables).orderBy('version'));
}

export interface SchemaRecord {
  version: number;
  name: string;
  applied_at: number;
}

/** The schema as an error names it, by its version. */
export function toSchemaStatus(applied: readonly SchemaRecord[]): SchemaStatus {
  return {
    applied: applied.map(({ version, name, applied_at }) => {
      return { version, name, appliedAt: new Date(applied_at) };
    }),
    pending: allMigrations.slice(applied.length).map(({ name }) => name),
  };
}

function records({ query, dialect: { schemaName } }: Tables) {
  const table = query<SchemaRecord>('schema_migrations');
  return schemaName === undefined ? table : table.withSchema(schemaName);
}
