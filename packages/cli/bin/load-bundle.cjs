'use strict';
// Parsing and compiling the bundle is most of a start, so V8's code is kept from the run before,
// for each command its own: what others use would only have to be read.
// A cache is code: it is only read from, and written to, a folder that nobody else can write.

const fs = require('node:fs');
const { homedir } = require('node:os');
const path = require('node:path');
const vm = require('node:vm');

const file = path.join(__dirname, '../bundle/synapse.cjs');
const cacheFile = findCacheFile();
/** The parts of the bundle that the kept code is of. */
let keptParts = [];
const script = compile();
if (cacheFile) process.once('exit', keepCode);

/** The parts of the bundle that this run needed. */
const evaluated = new Set();
const bundle = { exports: {} };
const run = script.runInThisContext();
run(bundle.exports, require, bundle, file, path.dirname(file), evaluated);
module.exports = bundle.exports;

/** A function of its own, so that the bytes it reads are let go. */
function compile() {
  // Not as latin1, which would lie outside of the heap: what does brings V8 to collect garbage earlier.
  const source = fs.readFileSync(file).toString();
  const { parts, code } = (cacheFile && readCache(cacheFile)) || {};
  const compiled = new vm.Script(source, { filename: file, cachedData: code });
  if (code && !compiled.cachedDataRejected) keptParts = parts;
  return compiled;
}

function findCacheFile() {
  const chosen = process.env.XDG_CACHE_HOME;
  try {
    const base = chosen && path.isAbsolute(chosen) ? chosen : path.join(homedir(), '.cache');
    if (!path.isAbsolute(base)) return undefined;
    const folder = path.join(base, 'synapse', 'code');
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = fs.statSync(folder);
    const isOurs = process.platform === 'win32' || (uid === process.getuid() && !(mode & 0o022));
    const { hash, commands } = JSON.parse(fs.readFileSync(`${file}.json`, 'latin1'));
    const name = [hash, process.version, process.arch, commandOf(commands)].join('-');
    return isOurs ? path.join(folder, name.replaceAll(' ', '-')) : undefined;
  } catch {
    return undefined;
  }
}

function commandOf(commands) {
  const [first = '', second = ''] = process.argv.slice(2);
  const names = [`${first} ${second}`, first];
  return names.find((name) => commands.includes(name)) || (first === '__complete' ? first : 'ask');
}

/** The code, behind a line that names the file and the parts that it is of: V8 takes places in a stack from it. */
function readCache(name) {
  try {
    const bytes = fs.readFileSync(name);
    const end = bytes.indexOf('\n');
    const head = JSON.parse(bytes.toString('utf8', 0, end));
    return head.file === file ? { parts: head.parts, code: bytes.subarray(end + 1) } : undefined;
  } catch {
    return undefined;
  }
}

/** At the end, so that the functions that were used are in it; another run may use other parts. */
function keepCode() {
  const parts = new Set(keptParts);
  const { size } = parts;
  for (const part of evaluated) parts.add(part);
  if (parts.size === size) return;
  const head = JSON.stringify({ file, parts: [...parts] });
  writeCache(cacheFile, [Buffer.from(`${head}\n`), script.createCachedData()]);
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
    fs.writeFileSync(temporary, Buffer.concat(data), { mode: 0o600 });
    fs.renameSync(temporary, name);
  } catch {
    fs.rmSync(temporary, { force: true });
  }
}
