export { inspectSqliteStore } from './inspect-sqlite-store.ts';
export { readSqliteNames, type StoredName } from './read-sqlite-names.ts';
export { openSqliteStore, type SqliteStoreOptions } from './open-sqlite-store.ts';
export {
  restoreSqliteStore,
  type RestoreOptions,
  type RestoreReport,
} from './restore-sqlite-store.ts';
