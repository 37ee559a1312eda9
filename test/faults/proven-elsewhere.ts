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
  [
    'A7',
    'packages/storage-sqlite/src/backup.test.ts',
    'is a consistent snapshot of a store that is written to meanwhile',
  ],
  [
    'A9',
    'packages/storage-sqlite/src/check.test.ts',
    'finds every flipped byte in messages, and reads the rest',
  ],
  ['B3', `${cases}/lease-cases.ts`, 'gives it to one of many concurrent callers'],
  ['B4', crowds, 'all start at once on a database that is not there yet'],
  ['C1', crowds, 'append to one session without loss, gap or error'],
  ['C2', postgresFaults, 'continues after a restart by'],
  ['C3', postgresFaults, 'continues when its connections are terminated'],
  ['C4', postgresFaults, 'stores each message once and reports success'],
  [
    'C5',
    'packages/storage-postgres/src/postgres-failover.test.ts',
    'continues there with all acknowledged messages, once each',
  ],
  [
    'C6',
    'packages/storage-postgres/src/postgres-lines.test.ts',
    'gives up a silent one, and continues when data arrives',
  ],
  ['C7', postgresFaults, 'reports that the server has no connection left'],
  [
    'C8',
    'packages/storage-sqlite/src/sqlite-migrations.test.ts',
    'leave nothing of a failed step, and continue from there',
  ],
  ['D2', 'test/faults/full-disk.test.ts', 'says so, keeps what it acknowledged'],
  ['D2', 'test/faults/full-disk.test.ts', 'says so where it may open no more files'],
  ['D3', sqliteFile, 'a path that cannot be a file'],
  ['D5', sqliteFile, 'a schema that is newer'],
  ['D6', 'test/contracts/schema-contract.ts', 'keeps what was said when steps that hold none'],
  [
    'D8',
    'packages/core/src/retention/cleanup-guard.test.ts',
    'does nothing for a week while the clock is behind the stored messages',
  ],
  ['D9', sqliteFile, 'recognises network file systems'],
  ['E1', `${cases}/content-cases.ts`, 'gives back what a message holds, character for character'],
  [
    'E2',
    'packages/core/src/session/clip-text.test.ts',
    'returns a well-formed prefix of at most the given length',
  ],
  ['E2', 'packages/tools-builtin/src/cap-output.test.ts', 'gives well-formed text of bounded size'],
  [
    'E2',
    'packages/core/src/search/make-snippet.test.ts',
    'is bounded and well-formed, and splits no character',
  ],
  ['E5', 'test/contracts/store-care/transfer-cases.ts', 'brings every session to another store'],
  [
    'E5',
    'test/e2e/export-import.test.ts',
    'brings a hundred sessions into a store that has another',
  ],
  ['F2', requests, 'is accepted for every beginning of any history'],
  ['F3', 'test/contracts/answer-reader-contract.ts', 'means the same wherever it is cut'],
  ['F4', `${provider}/tool-call-cases.ts`, 'are never executed when their arguments'],
  ['F5', `${provider}/failure-cases.ts`, 'passes on how long to wait'],
  ['F6', `${provider}/connection-cases.ts`, 'needs no closed connection to know that the answer'],
  [
    'F8',
    'packages/core/src/context/compact-session.test.ts',
    'loses nothing if the store fails or the process ends before any of its writes',
  ],
  ['F8', 'test/e2e/context.test.ts', 'loses nothing if it is killed while a summary is written'],
  ['F9', requests, 'is accepted for whatever Synapse leaves behind when it is killed'],
  ['F4', turns, 'never runs a call with invalid arguments or of an unknown tool'],
  ['F4', turns, 'runs no call of an answer that was cut off at its maximum length, and reports it'],
  ['G1', retention, 'does the same as a naive implementation of the rules'],
  ['G2', retention, 'does nothing if %s is %p'],
  ['G4', 'packages/storage-sqlite/src/residue.test.ts', 'leaves no trace in any file'],
  ['H1', sqliteFile, 'is private to its owner, with all files next to it'],
  [
    'H4',
    'packages/core/src/approval/describe-call.test.ts',
    'warns of text that is easy to overlook',
  ],
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
