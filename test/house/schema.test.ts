import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { readPostgresSchema } from '../support/schema/read-postgres-schema.ts';
import { readSqliteSchema } from '../support/schema/read-sqlite-schema.ts';
import type { Schema } from '../support/schema/schema.ts';
import { schemaPage } from '../../scripts/schema-page.ts';

const postgres = usePostgres();

/** What both engines have to have alike. */
function shapeOf({ migrations, tables }: Schema) {
  const shapes = tables.map(({ name, columns }) => [
    name,
    columns.map(({ name, isNullable, isKey, refersTo }) => [name, isNullable, isKey, refersTo]),
  ]);
  return { migrations, tables: shapes };
}

describe('the schema', () => {
  let sqlite: Schema;
  let onPostgres: Schema;
  beforeAll(async () => {
    sqlite = await readSqliteSchema();
    onPostgres = await readPostgresSchema(postgres.url);
  });

  it('has the same tables, columns and references on both engines', () => {
    expect(sqlite.tables.length).toBeGreaterThan(5);
    expect(shapeOf(onPostgres)).toEqual(shapeOf(sqlite));
  });

  it('is that of docs/schema.md', () => {
    expect(readFileSync('docs/schema.md', 'utf8')).toContain(schemaPage(sqlite, onPostgres));
  });

  it('has no table of which nobody says what it is for', () => {
    const stray = { name: 'stray', columns: [], indexes: {} };
    const both = [sqlite, onPostgres].map((schema) => ({ ...schema, tables: [stray] }));
    expect(() => schemaPage(both[0]!, both[1]!)).toThrow('what the table stray is for');
  });
});
