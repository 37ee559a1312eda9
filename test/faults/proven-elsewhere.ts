const sqliteFile = 'packages/storage-sqlite/src/sqlite-file.test.ts';
const postgresFaults = 'packages/storage-postgres/src/postgres-faults.test.ts';
const retention = 'packages/core/src/retention/apply-retention.test.ts';
const crowds = 'test/faults/store-processes.test.ts';
const cases = 'test/contracts/session-store';

/** Faults that are in the ordinary tests: where, and the name of the test. */
export const provenElsewhere: readonly [id: string, file: string, name: string][] = [
  ['A6', sqliteFile, 'has WAL, the id of Synapse and the version of the schema'],
  ['A7', 'packages/storage-sqlite/src/backup.test.ts', 'is a moment of a store that is written to'],
  ['A9', 'packages/storage-sqlite/src/check.test.ts', 'finds every byte that was flipped'],
  ['B3', `${cases}/lease-cases.ts`, 'gives it to one of many who ask at once'],
  ['B4', crowds, 'all start at once on a database that is not there yet'],
  ['C1', crowds, 'append to one session without loss, gap or error'],
  ['C2', postgresFaults, 'goes on after a restart'],
  ['C3', postgresFaults, 'goes on when its connections are ended under it'],
  ['C4', postgresFaults, 'stores each message once and says so'],
  [
    'C6',
    'packages/storage-postgres/src/postgres-lines.test.ts',
    'gives up one on which nothing comes',
  ],
  ['C7', postgresFaults, 'says that the server is too busy when it has no connection left'],
  [
    'C8',
    'packages/storage-sqlite/src/sqlite-migrations.test.ts',
    'leave nothing of a step that fails',
  ],
  ['D2', 'test/faults/full-disk.test.ts', 'says so, keeps what it acknowledged'],
  ['D3', sqliteFile, 'a place where no file can be'],
  ['D5', sqliteFile, 'a schema that is newer'],
  [
    'D8',
    'packages/core/src/retention/cleanup-guard.test.ts',
    'does nothing while the clock stands before what the store has seen',
  ],
  ['D9', sqliteFile, 'knows the file systems that machines share'],
  ['E1', `${cases}/content-cases.ts`, 'gives back what a message holds, character for character'],
  ['E5', 'test/contracts/store-care/transfer-cases.ts', 'brings every session to another store'],
  ['G1', retention, 'does what a naive reading of the rules says'],
  ['G2', retention, 'does nothing where %s is %p, and says why'],
  ['G4', 'packages/storage-sqlite/src/residue.test.ts', 'leaves no trace in any file'],
  ['H1', sqliteFile, 'is for its owner alone, with all that stands beside it'],
  ['H6', 'test/contracts/store-care/search-cases.ts', 'finds what the memory store finds'],
];
