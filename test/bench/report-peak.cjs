// Loaded before a program: says at its end how much memory it took at most, in MiB.
'use strict';
const { readFileSync, writeFileSync } = require('node:fs');

process.on('exit', () => writeFileSync(process.env.BENCH_PEAK_FILE, String(peakKib() / 1024)));

function peakKib() {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))[1]);
  } catch {
    // On Linux this would count what the parent had when it began the program.
    return process.resourceUsage().maxRSS;
  }
}
