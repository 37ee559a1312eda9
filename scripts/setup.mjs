// Makes a checkout ready to run: installs what the lockfile names, builds the command.
// Does nothing that is already done, and is safe to run from several terminals at once.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './install-packages.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const state = join(root, '.setup');
const bundle = join(root, 'packages/cli/bundle/synapse.cjs');

const say = (text) => process.stderr.write(`synapse: ${text}\n`);
const hashOf = (files) => {
  const hash = createHash('sha256');
  for (const file of files) hash.update(relative(root, file)).update(readFileSync(file));
  return hash.digest('hex');
};
const isDone = (step, hash) => {
  const file = join(state, step);
  return existsSync(file) && readFileSync(file, 'utf8') === hash;
};
const setDone = (step, hash) => writeFileSync(join(state, step), hash);

function run(command, args, { cwd = root, isShell = false, environment = process.env } = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: environment,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    shell: isShell,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status === 0) return;
  process.stderr.write(`${stdout}${stderr}`);
  say(`"${[command, ...args].join(' ')}" failed${error ? `: ${error.message}` : ''}`);
  process.exit(1);
}

function sources(folder, pattern = /[.]tsx?$|[.](css|html|svg)$|^package[.]json$/) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !['dist', 'bundle', 'node_modules'].includes(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sources(path, pattern);
      return pattern.test(entry.name) && !/[.]test[.]tsx?$/.test(entry.name) ? [path] : [];
    })
    .sort();
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  say(`needs Node 20.19 or newer; this is ${process.versions.node}. See https://nodejs.org`);
  process.exit(1);
}

function install() {
  const lockFile = join(root, 'package-lock.json');
  const lock = hashOf([lockFile]);
  // npm writes this file last, so it is there only after a complete installation.
  const marker = statSync(join(root, 'node_modules/.package-lock.json'), { throwIfNoEntry: false });
  const isNewer = marker && marker.mtimeMs > statSync(lockFile).mtimeMs;
  if (marker && (isNewer || isDone('installed', lock))) return;
  rmSync(join(state, 'installed'), { force: true });
  say('installing packages … (where sqlite3 has to be compiled, this takes a minute)');
  installPackages(root, run);
  setDone('installed', lock);
}

function buildCommand() {
  const hash = hashOf([
    join(root, 'package-lock.json'),
    join(root, 'scripts/bundle.mjs'),
    ...sources(join(root, 'scripts/bundling'), /[.]mjs$/),
    ...sources(join(root, 'config')),
    ...sources(join(root, 'packages')),
  ]);
  if (!existsSync(bundle) || !isDone('built', hash)) {
    say('building …');
    run(process.execPath, [join(root, 'scripts/bundle.mjs')]);
  }
  // Written even when nothing changed: its time is what ./synapse compares with git's index.
  setDone('built', hash);
}

/** Lets ./synapse see by one stat whether git has changed the files since. */
function linkGitIndex() {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--git-path', 'index'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) return;
  const link = join(state, 'git-index');
  rmSync(link, { force: true });
  symlinkSync(resolve(root, stdout.trim()), link);
}

/** Waits for another set-up of this checkout; takes over the lock of a process that is gone. */
async function withLock(work) {
  mkdirSync(state, { recursive: true });
  const lock = join(state, 'lock');
  for (let hasSaid = false; ; hasSaid = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (takeAbandoned(lock)) continue;
    if (!hasSaid) {
      say('another process is setting up this checkout; waiting …');
      say('(if none is, remove .setup/lock)');
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Removes the lock of a process that is gone, but not one that another process has made meanwhile. */
function takeAbandoned(lock) {
  const owner = readIfThere(lock);
  if (!isGone(Number(owner))) return false;
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (readIfThere(aside) !== owner) linkSync(aside, lock);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(error.code)) throw error;
  }
  rmSync(aside, { force: true });
  return true;
}

function isGone(pid) {
  try {
    if (pid > 0) process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

export async function setUp({ isFullBuild = false } = {}) {
  checkNode();
  await withLock(() => {
    install();
    if (isFullBuild) run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b']);
    buildCommand();
    linkGitIndex();
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await setUp({ isFullBuild: process.argv.includes('--build') });
}
