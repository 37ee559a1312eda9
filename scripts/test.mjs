// `npm test`: sets the checkout up, starts a PostgreSQL of its own, runs the tests, stops it again.
// Arguments go to jest: `npm test -- packages/core -t retention`.
// `npm run test:slow` runs what `npm test` leaves out: the suites that kill processes again and again.
// `npm run test:quick` leaves out what starts processes and servers, and checks no types.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const [first, ...rest] = process.argv.slice(2);
const isQuick = first === '--quick';
const isSlow = first === '--slow';
const SLOW = '[.]slow[.]test[.]ts$';
const jestArguments = selectTests();

// Processes that tests start run what tsc built.
await setUp({ isFullBuild: !isQuick });
const { startPostgresServer } = await import('../test/support/postgres-server.mjs');
const url = isQuick ? 'none' : process.env.SYNAPSE_TEST_POSTGRES_URL;
const server = url ? { url, stop: async () => {} } : await startPostgresServer();
const folder = mkdtempSync(join(tmpdir(), 'synapse-test-results-'));
const resultFile = join(folder, 'results.json');

let exitCode = 1;
try {
  await runJest();
  const results = JSON.parse(readFileSync(resultFile, 'utf8'));
  exitCode = report(results) === 0 ? 0 : 1;
} catch (error) {
  console.error(error);
  console.log('0 passed, 1 failed');
} finally {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
}
process.exitCode = exitCode;

function selectTests() {
  if (isQuick) return [...quickSelection(), ...rest];
  if (isSlow) return [SLOW, ...rest];
  return first === undefined
    ? [`--testPathIgnorePatterns=/node_modules/|/dist/|${SLOW}`]
    : [first, ...rest];
}

/** Unit tests, and the contracts on memory and SQLite, without the few that take half of the time. */
function quickSelection() {
  const leftFiles = [
    // They start processes or servers.
    ...['[^/]*[.]pty', '(openai|anthropic)-provider', 'bubblewrap'],
    // They break a database in every place, or show that a contract refuses a store that is wrong.
    ...['flipped-bits', 'short-steps', 'check', 'exchange-database', 'sqlite-migrations'],
    ...['session-store-contract', 'import-hostile'],
    // They try many thousands of inputs.
    ...['from-[^/]*-events', 'requests-of-any-history', 'long-conversation', 'make-snippet'],
    ...['markdown-to-html', 'load-settings-fuzz', 'to-text'],
  ];
  const leftFolders = ['test/(?!contracts/)', 'packages/(storage-postgres|tools-mcp)/'];
  const patterns = [
    ...['/node_modules/', '/dist/', `/(${leftFiles.join('|')})[.]test`],
    ...leftFolders.map((name) => `<rootDir>/${name}`),
  ];
  return patterns.map((pattern) => `--testPathIgnorePatterns=${pattern}`);
}

function runJest() {
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules/jest/bin/jest.js'),
      '--json',
      `--outputFile=${resultFile}`,
      ...jestArguments,
    ],
    { cwd: root, stdio: 'inherit', env: testEnvironment() },
  );
  // Ctrl-C reaches jest by itself; this process stays to stop the server.
  process.on('SIGINT', () => undefined);
  // A test that failed may leave something open that would keep jest for ever.
  const watch = setInterval(() => {
    if (!existsSync(resultFile)) return;
    clearInterval(watch);
    setTimeout(() => child.kill('SIGKILL'), 15_000).unref();
  }, 1000);
  return new Promise((resolve) => {
    child.on('exit', () => {
      clearInterval(watch);
      resolve();
    });
  });
}

/** The settings of the machine must not affect the tests. */
function testEnvironment() {
  const foreign =
    /^(SYNAPSE_(?!TEST_|WIRE_DIR$)|XDG_|DATABASE_URL$|.*_API_KEY$|.*_BASE_URL$|OLLAMA_HOST$|(NO|FORCE)_COLOR$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(kept), SYNAPSE_TEST_POSTGRES_URL: server.url };
}

/** Prints the results, and returns the number of failures. */
function report({ numPassedTests, numFailedTests, success, testResults }) {
  const skipped = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'pending')
    .map(({ fullName }) => fullName);
  if (skipped.length > 0) console.log(`\nSkipped: ${skipped.length}`);
  for (const name of skipped) console.log(`  ${name}`);
  // With arguments, jest reports the tests that were not selected as skipped.
  const isWhole = isSlow ? rest.length === 0 : first === undefined;
  const unexplained = !isWhole ? [] : skipped.filter((name) => !/\(skipped: ./.test(name));
  if (unexplained.length > 0) console.log('\nThese are skipped without a reason in their title:');
  for (const name of unexplained) console.log(`  ${name}`);
  // A file that does not even load counts as one failure.
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length;
  const failed = numFailedTests + unloaded + unexplained.length;
  const counted = failed === 0 && !success ? 1 : failed;
  console.log(`\n${numPassedTests} passed, ${counted} failed`);
  return counted;
}
