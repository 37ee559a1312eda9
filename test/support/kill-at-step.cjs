// Loaded into a process before it begins: kills it before the k-th step that changes what is on the
// disk, among those that name the file given, and writes each step to a log.
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const { KILL_AT_STEP, KILL_FILE, KILL_LOG } = process.env;
const { appendFileSync } = fs;
let step = 0;
for (const name of ['openSync', 'linkSync', 'renameSync', 'rmSync', 'fsyncSync']) {
  const original = fs[name];
  fs[name] = (...args) => {
    const isOurs = name === 'fsyncSync' || args.some((arg) => String(arg).includes(KILL_FILE));
    if (isOurs) {
      step += 1;
      appendFileSync(KILL_LOG, `${name} ${args[0]}\n`);
      if (step === Number(KILL_AT_STEP)) process.kill(process.pid, 'SIGKILL');
    }
    return original(...args);
  };
}
syncBuiltinESMExports();
