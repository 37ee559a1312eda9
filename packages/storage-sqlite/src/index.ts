export { glanceAtSqliteStore, readSqliteNames, type StoredName } from './glance-at-sqlite-store.ts';
export { openSqliteStore, type SqliteStoreOptions } from './open-sqlite-store.ts';
export {
  restoreSqliteStore,
  type RestoreOptions,
  type RestoreReport,
} from './restore-sqlite-store.ts';
