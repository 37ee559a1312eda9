'use strict';
// Parsing and compiling the bundle is most of a start, so V8's code is kept from the run before,
// for each command its own: what others use would only have to be read.
// A cache is code: it is only read from, and written to, a folder that nobody else can write.

const fs = require('node:fs');
const { homedir } = require('node:os');
const path = require('node:path');
const vm = require('node:vm');

const folder = path.join(__dirname, '../bundle');
const cacheFile = findCacheFile();
/** The chunks that one file of the bundle has for the other. */
const offered = {};
module.exports = load('synapse.cjs', cacheFile);

/** A chunk of the other file, which is only loaded when something of it is used. */
function elsewhere(name) {
  if (!(name in offered)) load('rarely-used.cjs', cacheFile && `${cacheFile}-rarely-used`);
  return offered[name]();
}

function load(name, cache) {
  const file = path.join(folder, name);
  const { script, keptParts } = compile(file, cache);
  /** The parts of the file that this run needs. */
  const evaluated = new Set();
  if (cache) process.once('exit', () => keepCode(script, file, cache, keptParts, evaluated));
  const bundle = { exports: {} };
  const run = script.runInThisContext();
  run(bundle.exports, require, bundle, file, folder, evaluated, elsewhere, offered);
  return bundle.exports;
}

/** A function of its own, so that the bytes it reads are let go. */
function compile(file, cache) {
  // Not as latin1, which would lie outside of the heap: what does brings V8 to collect garbage earlier.
  const source = fs.readFileSync(file).toString();
  const { parts, code } = (cache && readCache(cache, file)) || {};
  const script = new vm.Script(source, { filename: file, cachedData: code });
  return { script, keptParts: code && !script.cachedDataRejected ? parts : [] };
}

function findCacheFile() {
  const chosen = process.env.XDG_CACHE_HOME;
  try {
    const base = chosen && path.isAbsolute(chosen) ? chosen : path.join(homedir(), '.cache');
    if (!path.isAbsolute(base)) return undefined;
    const codeFolder = path.join(base, 'synapse', 'code');
    fs.mkdirSync(codeFolder, { recursive: true, mode: 0o700 });
    const { uid, mode } = fs.statSync(codeFolder);
    const isOurs = process.platform === 'win32' || (uid === process.getuid() && !(mode & 0o022));
    const { hash, commands } = JSON.parse(
      fs.readFileSync(path.join(folder, 'synapse.cjs.json'), 'latin1'),
    );
    const name = [hash, process.version, process.arch, commandOf(commands)].join('-');
    return isOurs ? path.join(codeFolder, name.replaceAll(' ', '-')) : undefined;
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
function readCache(name, file) {
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
function keepCode(script, file, cache, keptParts, evaluated) {
  const parts = new Set(keptParts);
  const { size } = parts;
  for (const part of evaluated) parts.add(part);
  if (parts.size === size) return;
  const head = JSON.stringify({ file, parts: [...parts] });
  writeCache(cache, [Buffer.from(`${head}\n`), script.createCachedData()]);
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
