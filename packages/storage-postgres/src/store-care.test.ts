import { schemaContract } from '@synapse/test/contracts/schema-contract';
import { storeCareContract } from '@synapse/test/contracts/store-care-contract';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { openPostgresStore } from './open-postgres-store.ts';

const postgres = usePostgres();

storeCareContract('postgres', () =>
  openPostgresStore({ url: postgres.url, schema: postgres.newSchema(), allowForeign: true }),
);

schemaContract('postgres', () => {
  const schema = postgres.newSchema();
  return () => openPostgresStore({ url: postgres.url, schema, allowForeign: true });
});
