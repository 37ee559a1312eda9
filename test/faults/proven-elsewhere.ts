const sqliteFile = 'packages/storage-sqlite/src/sqlite-file.test.ts';
const postgresFaults = 'packages/storage-postgres/src/postgres-faults.test.ts';
const retention = 'packages/core/src/retention/apply-retention.test.ts';
const crowds = 'test/faults/store-processes.slow.test.ts';
const requests = 'test/contracts/request-contract.ts';
const provider = 'test/contracts/model-provider';
const cases = 'test/contracts/session-store';
const turns = 'packages/core/src/conversation/run-turn-tools.test.ts';
const sandbox = 'test/faults/sandbox-escapes.test.ts';

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
    'C5',
    'packages/storage-postgres/src/postgres-failover.test.ts',
    'goes on there with all that was acknowledged, once each',
  ],
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
  ['D2', 'test/faults/full-disk.test.ts', 'says so where it may open no more files'],
  ['D3', sqliteFile, 'a place where no file can be'],
  ['D5', sqliteFile, 'a schema that is newer'],
  ['D6', 'test/contracts/schema-contract.ts', 'keeps what was said when steps that hold none'],
  [
    'D8',
    'packages/core/src/retention/cleanup-guard.test.ts',
    'does nothing for a week while the clock is before what the store has seen',
  ],
  ['D9', sqliteFile, 'knows the file systems that machines share'],
  ['E1', `${cases}/content-cases.ts`, 'gives back what a message holds, character for character'],
  ['E2', 'packages/core/src/session/clip-text.test.ts', 'gives well-formed text of so many'],
  ['E2', 'packages/tools-builtin/src/cap-output.test.ts', 'gives well-formed text of bounded size'],
  [
    'E2',
    'packages/core/src/search/make-snippet.test.ts',
    'is bounded, well-formed, and cuts no character',
  ],
  ['E5', 'test/contracts/store-care/transfer-cases.ts', 'brings every session to another store'],
  [
    'E5',
    'test/e2e/export-import.test.ts',
    'brings a hundred sessions into a store that has another',
  ],
  ['F2', requests, 'is accepted for every beginning of any history'],
  ['F3', 'test/contracts/answer-reader-contract.ts', 'means the same wherever it is cut'],
  ['F4', `${provider}/tool-call-laws.ts`, 'are never executed when their arguments'],
  ['F5', `${provider}/failure-laws.ts`, 'passes on how long to wait'],
  ['F6', `${provider}/connection-laws.ts`, 'needs no closed connection to know that the answer'],
  [
    'F8',
    'packages/core/src/context/compact-session.test.ts',
    'loses nothing where the store fails or the process ends before any of its writes',
  ],
  ['F8', 'test/e2e/context.test.ts', 'loses nothing where it is killed while a summary is written'],
  ['F9', requests, 'is accepted for whatever Synapse leaves behind when it is killed'],
  ['F4', turns, 'never runs arguments that are no JSON object, or tools that are not there'],
  ['F4', turns, 'runs nothing of an answer that was cut off at its length, and says so'],
  ['G1', retention, 'does what a naive reading of the rules says'],
  ['G2', retention, 'does nothing where %s is %p, and says why'],
  ['G4', 'packages/storage-sqlite/src/residue.test.ts', 'leaves no trace in any file'],
  ['H1', sqliteFile, 'is for its owner alone, with all that stands beside it'],
  ['H4', 'packages/core/src/approval/describe-call.test.ts', 'warns of what the eye would miss'],
  ['H6', 'test/contracts/store-care/search-cases.ts', 'finds what the memory store finds'],
  ['I1', 'test/faults/file-escapes.test.ts', 'do not get out through'],
  ['I2', 'test/faults/file-races.test.ts', '%s leaks and damages nothing'],
  ['I3', 'test/faults/shell-policy.test.ts', 'asks before'],
  ['I4', sandbox, 'lets nothing be written outside by'],
  ['I4', 'test/faults/sandbox-surroundings.test.ts', 'does not let the kernel be asked for'],
  ['I5', 'test/faults/fetch-egress.test.ts', 'connects to nothing for'],
  ['I6', 'test/faults/shell-limits.test.ts', 'stop a command that takes all memory'],
  ['I7', sandbox, 'leaves what other programs obey alone'],
  ['I8', 'packages/tools-mcp/src/discovery/tool-pins.test.ts', 'is not called when it changes'],
  ['I9', 'test/faults/obedient-model.test.ts', 'gets nothing out and changes nothing by'],
  ['I10', 'test/faults/hostile-folder.test.ts', 'executes, loads and obeys nothing of it'],
];
