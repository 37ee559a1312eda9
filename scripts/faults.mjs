// Breaks the store in every way of test/faults and prints a JSON line for each.
// npm run faults -- [--tier pull|nightly|release] [--only A2,D4] [--seed 1]
import { parseArgs } from 'node:util';
import { loadSource } from './load-source.mjs';
import { setUp } from './setup.mjs';

const { values } = parseArgs({
  options: {
    tier: { type: 'string', default: 'pull' },
    only: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const { tier } = values;
const only = values.only?.split(',');
const seed = Number(values.seed);

// The processes that are killed run what tsc built.
await setUp({ isFullBuild: true });
const { faults, missingFor, tiers } = await loadSource('test/faults/index.ts');
if (!tiers.includes(tier)) throw new Error(`There is no tier ${tier}: ${tiers.join(', ')}.`);
const ids = faults.map(({ id }) => id);
const unknown = only?.find((id) => !ids.includes(id));
if (unknown !== undefined) throw new Error(`There is no fault ${unknown}: ${ids.join(', ')}.`);

for (const fault of faults) {
  if (only && !only.includes(fault.id)) continue;
  const missing = missingFor(fault);
  if (missing !== '') {
    print({ id: fault.id, skipped: `needs ${missing}` });
    continue;
  }
  const start = Date.now();
  const figures = await fault.run(tier, seed);
  const holds = fault.holds(figures);
  if (!holds) process.exitCode = 1;
  print({ id: fault.id, tier, seed, holds, seconds: (Date.now() - start) / 1000, ...figures });
}

function print(line) {
  console.log(JSON.stringify(line));
}
