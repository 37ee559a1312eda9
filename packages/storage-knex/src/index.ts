export { createKnexStore } from './knex-store.ts';
export { commonKnexOptions } from './knex-options.ts';
export { migrate, refuseNewerSchema, revert, SCHEMA_VERSION } from './migrate.ts';
export type { SearchDialect } from './search-dialect.ts';
export type { Dialect } from './dialect.ts';
export { migrations } from './migrations/index.ts';
export type { Migration } from './migrations/migration.ts';
