import { StorageError } from '@synapse/core';
import type { Knex } from 'knex';

// Tables of an extension are not the data of another program.
const FOREIGN_TABLE = `select n.nspname || '.' || c.relname as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
  limit 1`;

/**
 * For a database without Synapse's tables: throws if it has tables of other programs. Only reads.
 */
export async function refuseForeignDatabase(
  knex: Knex,
  schema: string,
  location: string,
): Promise<void> {
  const { rows } = await knex.raw<{ rows: { name: string }[] }>(FOREIGN_TABLE);
  const [table] = rows;
  if (!table) return;
  throw new StorageError(
    `The database ${location} has tables of another program (${table.name}) and none of Synapse.`,
    {
      reason: 'foreign',
      hint: `To use another database, set SYNAPSE_DATABASE_URL.\nTo create the tables of Synapse there, in a schema of their own named ${schema}, `,
      action: { name: 'migrate', text: 'migrate the database.' },
    },
  );
}
