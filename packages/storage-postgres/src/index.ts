export { glanceAtPostgresStore } from './glance-at-postgres-store.ts';
export { openPostgresStore, type PostgresStoreOptions } from './open-postgres-store.ts';
