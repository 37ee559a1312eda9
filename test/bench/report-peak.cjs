// Loaded before a program: says at its end how much memory it took at most.
'use strict';
process.on('exit', () => {
  const { maxRSS } = process.resourceUsage();
  require('node:fs').writeFileSync(process.env.BENCH_PEAK_FILE, String(maxRSS / 1024));
});
