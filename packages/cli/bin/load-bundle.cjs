'use strict';
// Parsing and compiling the bundle is most of a start, so V8's code is kept from the run before.
// A cache is code: it is only read from, and written to, a folder that nobody else can write.

const fs = require('node:fs');
const { homedir } = require('node:os');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');

const file = path.join(__dirname, '../bundle/synapse.cjs');
const source = fs.readFileSync(file, 'utf8');
const opening = '(function (exports, require, module, __filename, __dirname) {';

const cacheFile = findCacheFile();
const cachedData = cacheFile && readCache(cacheFile);
const script = new vm.Script(`${opening}${source}\n})`, {
  filename: file,
  columnOffset: -opening.length,
  cachedData,
});
if (cacheFile && (!cachedData || script.cachedDataRejected)) {
  // At the end, so that the functions that were used are in it.
  process.once('exit', () => writeCache(cacheFile, script.createCachedData()));
}

const bundle = { exports: {} };
const requireFromBundle = require('node:module').createRequire(file);
script.runInThisContext()(bundle.exports, requireFromBundle, bundle, file, path.dirname(file));
module.exports = bundle.exports;

function findCacheFile() {
  const chosen = process.env.XDG_CACHE_HOME;
  const base = chosen && path.isAbsolute(chosen) ? chosen : path.join(homedir(), '.cache');
  const folder = path.join(base, 'synapse', 'code');
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = fs.statSync(folder);
    const isOurs = process.platform === 'win32' || (uid === process.getuid() && !(mode & 0o022));
    const hash = fs.readFileSync(`${file}.hash`, 'utf8');
    return isOurs
      ? path.join(folder, `${hash}-${process.version}-${process.arch}-${v8.cachedDataVersionTag()}`)
      : undefined;
  } catch {
    return undefined;
  }
}

function readCache(name) {
  try {
    return fs.readFileSync(name);
  } catch {
    return undefined;
  }
}

function writeCache(name, data) {
  const temporary = `${name}.${process.pid}`;
  try {
    // The codes of earlier builds will never be asked for again.
    for (const old of fs.readdirSync(path.dirname(name))) {
      if (!old.startsWith(path.basename(name).split('-')[0])) {
        fs.rmSync(path.join(path.dirname(name), old), { force: true });
      }
    }
    fs.writeFileSync(temporary, data, { mode: 0o600 });
    fs.renameSync(temporary, name);
  } catch {
    fs.rmSync(temporary, { force: true });
  }
}
