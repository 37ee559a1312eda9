import { StorageError } from '@synapse/core';
import type { Knex } from 'knex';

export interface RightsQuery {
  query: Knex;
  schema: string;
  location: string;
  readSchemaVersion: (query: Knex) => Promise<number>;
}

const RIGHTS = `select quote_ident(current_user) as user, quote_ident(current_database()) as database,
    quote_ident(?) as schema, n.oid is not null as "hasSchema",
    coalesce(has_schema_privilege(n.oid, 'usage'), false) as "mayUse",
    coalesce(has_schema_privilege(n.oid, 'create'), false) as "mayMakeTables",
    has_database_privilege(current_database(), 'create') as "mayMakeSchema"
  from (select 1) one left join pg_namespace n on n.nspname = ?`;

const MISSING = `select c.relname as "table", string_agg(wanted, ', ' order by place) as rights
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
    cross join unnest(array['select', 'insert', 'update', 'delete']) with ordinality as w(wanted, place)
  where n.nspname = ? and c.relkind = 'r' and not has_table_privilege(c.oid, wanted)
  group by c.relname order by c.relname`;

interface Rights {
  user: string;
  database: string;
  schema: string;
  hasSchema: boolean;
  mayUse: boolean;
  mayMakeTables: boolean;
  mayMakeSchema: boolean;
}

/** For an error about a missing permission: names the permission, the object and the grant that gives it. */
export async function missingRightError(
  cause: unknown,
  { query, schema, location }: RightsQuery,
): Promise<StorageError> {
  const { rows } = await query.raw<{ rows: Rights[] }>(RIGHTS, [schema, schema]);
  const tables = await query.raw<{ rows: { table: string; rights: string }[] }>(MISSING, [schema]);
  const [what, grant] = describe(rows[0], tables.rows, (cause as Error).message);
  const advice =
    grant === null
      ? {
          action: {
            name: 'migrate',
            text: 'Migrate the database as the user who owns the tables.',
          } as const,
        }
      : { hint: `Ask an administrator of the database to run: ${grant}` };
  return new StorageError(`${what} (${location}).`, { reason: 'denied', ...advice, cause });
}

function describe(
  rights: Rights | undefined,
  tables: readonly { table: string; rights: string }[],
  message: string,
): [what: string, grant: string | null] {
  const { user = '', database = '', schema = '' } = rights ?? {};
  if (rights && !rights.hasSchema) {
    return [
      `The user ${user} may not create the schema ${schema}`,
      `grant create on database ${database} to ${user}`,
    ];
  }
  if (rights && !rights.mayUse) {
    return [
      `The user ${user} may not use the schema ${schema}`,
      `grant usage on schema ${schema} to ${user}`,
    ];
  }
  const named = /(?:table|relation) "?(\w+)"?$/.exec(message)?.[1];
  const missing = tables.find(({ table }) => table === named) ?? tables[0];
  if (missing) {
    const { table, rights: lacking } = missing;
    return [
      `The user ${user} lacks the right to ${lacking} in the table ${schema}.${table}`,
      `grant ${[...new Set(tables.flatMap((one) => one.rights.split(', ')))].join(', ')} on all tables in schema ${schema} to ${user}`,
    ];
  }
  if (rights && !rights.mayMakeTables) {
    return [
      `The user ${user} may not create tables in the schema ${schema}`,
      `grant create on schema ${schema} to ${user}`,
    ];
  }
  return [
    `The user ${user} does not own the tables in the schema ${schema}, which only their owner may change`,
    null,
  ];
}
