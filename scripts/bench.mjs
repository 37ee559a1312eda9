// Measures, beside a reference in the same run, what the project promises in figures.
// npm run bench -- [store] [search] [postgres] [startup] [oneshot] [resume] [context] [render] [memory] [import] [serve] [--reuse] [--json]
import { parseArgs } from 'node:util';
import { startPostgresServer } from '../test/support/postgres-server.mjs';
import { loadSource } from './load-source.mjs';
import { setUp } from './setup.mjs';

// It adds to every start of Node, the reference included.
delete process.env.NODE_EXTRA_CA_CERTS;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    reuse: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
await setUp({ isFullBuild: true });
const { parts, surroundings } = await loadSource('test/bench/index.ts');
const wanted = positionals.length > 0 ? positionals : Object.keys(parts);
const unknown = wanted.filter((name) => !(name in parts));
if (unknown.length > 0)
  throw new Error(`There is no ${unknown[0]}: ${Object.keys(parts).join(', ')}.`);

const measures = [];
for (const name of wanted) {
  for (const figures of await measure(name)) measures.push({ part: name, ...figures });
}
if (values.json) console.log(JSON.stringify({ ...surroundings(), measures }, undefined, 2));
else {
  console.log(Object.entries(surroundings()).flat().join(' '));
  console.table(measures.map(toRow));
}

async function measure(name) {
  const reuse = values.reuse || measures.length > 0;
  if (name !== 'postgres' && name !== 'serve') return parts[name](reuse, '');
  // With the most durable settings.
  const server = await startPostgresServer({ settings: { fsync: 'on', shared_buffers: '256MB' } });
  try {
    return await parts[name](reuse, server.url);
  } finally {
    await server.stop();
  }
}

function toRow({ figure, promise, unit, value, reference, ratio }) {
  const round = (number) => (number === null ? '' : Number(number.toPrecision(3)));
  return {
    figure,
    measured: `${round(value)} ${unit}`,
    'by hand': reference === null ? '' : `${round(reference)} ${unit}`,
    ratio: round(ratio),
    promise,
  };
}
