import { sessionStoreContract } from '@synapse/test/contracts/session-store-contract';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { openPostgresStore } from './open-postgres-store.ts';

const postgres = usePostgres();

sessionStoreContract('postgres', () =>
  openPostgresStore({ url: postgres.url, schema: postgres.newSchema(), allowForeign: true }),
);
