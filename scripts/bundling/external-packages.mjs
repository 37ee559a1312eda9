// Knex can drive databases that Synapse has no driver for; pg can do without libpq.
const absentDrivers = [
  'better-sqlite3',
  'mariadb',
  'mysql',
  'mysql2',
  'oracledb',
  'pg-native',
  'pg-query-stream',
  'tedious',
];

/** The packages that no bundle of the command contains. */
export const externalPackages = [
  'sqlite3',
  // oclif needs TypeScript only to run sources, and the bundle has none.
  'typescript',
  // jsonc-parser wraps its modules in a way that can't be bundled.
  'jsonc-parser',
  '@napi-rs/keyring',
  ...absentDrivers,
];
