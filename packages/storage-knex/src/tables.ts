import type { Knex } from 'knex';
import type { SqlDialect } from './dialect.ts';
import type { Rows } from './rows.ts';

/** The tables under their full names, for one connection or transaction. */
export class Tables {
  readonly query: Knex;
  readonly dialect: SqlDialect;

  constructor(query: Knex, dialect: SqlDialect) {
    this.query = query;
    this.dialect = dialect;
  }

  from<Name extends keyof Rows>(name: Name) {
    const table = this.query<Rows[Name]>(name);
    const { schemaName } = this.dialect;
    return schemaName === undefined ? table : table.withSchema(schemaName);
  }

  /** A builder is mutable, so each statement needs a new one. */
  newSchema(): Knex.SchemaBuilder {
    const { schemaName } = this.dialect;
    const { schema } = this.query;
    return schemaName === undefined ? schema : schema.withSchema(schemaName);
  }

  /** The full name of a table, for `??` in raw SQL. */
  nameOf(table: string): string {
    const { schemaName } = this.dialect;
    return schemaName === undefined ? table : `${schemaName}.${table}`;
  }
}
