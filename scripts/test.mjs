// `npm test`: sets the checkout up, starts a PostgreSQL of its own, runs the tests, stops it again.
// Arguments go to jest: `npm test -- packages/core -t retention`.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

// Processes that tests start run what tsc built.
await setUp({ isFullBuild: true });
const { startPostgresServer } = await import('../test/support/postgres-server.mjs');
const url = process.env.SYNAPSE_TEST_POSTGRES_URL;
const server = url ? { url, stop: async () => {} } : await startPostgresServer();
const folder = mkdtempSync(join(tmpdir(), 'synapse-test-results-'));
const resultFile = join(folder, 'results.json');

let exitCode = 1;
try {
  await runJest();
  const results = JSON.parse(readFileSync(resultFile, 'utf8'));
  report(results);
  exitCode = results.success ? 0 : 1;
} catch (error) {
  console.error(error);
  console.log('0 passed, 1 failed');
} finally {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
}
process.exitCode = exitCode;

function runJest() {
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules/jest/bin/jest.js'),
      '--json',
      `--outputFile=${resultFile}`,
      ...process.argv.slice(2),
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

/** What the machine is set up with must not change what the tests see. */
function testEnvironment() {
  const foreign =
    /^(SYNAPSE_(?!TEST_|WIRE_DIR$)|XDG_|DATABASE_URL$|.*_API_KEY$|.*_BASE_URL$|OLLAMA_HOST$|(NO|FORCE)_COLOR$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(kept), SYNAPSE_TEST_POSTGRES_URL: server.url };
}

function report({ numPassedTests, numFailedTests, testResults }) {
  const skipped = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'pending');
  if (skipped.length > 0) console.log(`\nSkipped: ${skipped.length}`);
  for (const { fullName } of skipped) console.log(`  ${fullName}`);
  // A file that does not even load counts as one failure.
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length;
  console.log(`\n${numPassedTests} passed, ${numFailedTests + unloaded} failed`);
}
