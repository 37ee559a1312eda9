export { inspectPostgresStore } from './inspect-postgres-store.ts';
export { openPostgresStore, type PostgresStoreOptions } from './open-postgres-store.ts';
