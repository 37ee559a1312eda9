export { createKnexStore } from './knex-store.ts';
export { commonKnexOptions } from './knex-options.ts';
export {
  migrate,
  readSchemaStatus,
  refuseNewerSchema,
  revert,
  SCHEMA_VERSION,
  toSchemaStatus,
  type SchemaRecord,
} from './migrate.ts';
export { refuseSchemaMismatch, schemaMismatchError } from './schema-mismatch.ts';
export { sealMessage } from './seal-message.ts';
export type { MessageRow } from './rows.ts';
export { BatchSizer } from './batch-sizer.ts';
export { knexRunnerOn } from './database.ts';
export { Tables } from './tables.ts';
export type { ChangeDialect } from './change-dialect.ts';
export type { SearchDialect } from './search-dialect.ts';
export type { SqlDialect, RunSql } from './dialect.ts';
export { migrations } from './migrations/index.ts';
export type { Migration } from './migrations/migration.ts';
export type { RunNotices } from './run-notices.ts';
