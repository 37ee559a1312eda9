// Bundles the command into one file that starts fast. dist/ (tsc -b) is for library users.
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outdir = join(root, 'packages/cli/bundle');

// oclif asks for TypeScript where it runs sources, which this is not.
// Knex can drive databases that Synapse has no driver for; pg can do without libpq.
const absentDrivers = [
  'better-sqlite3',
  'mariadb',
  'mysql',
  'mysql2',
  'oracledb',
  'pg-native',
  'pg-query-stream',
  'tedious',
];

rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: { synapse: join(root, 'packages/cli/src/main.ts') },
  outdir,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  // Code that V8 has cached can't import(); require() does for what is external.
  supported: { 'dynamic-import': false },
  minify: true,
  keepNames: true,
  sourcemap: 'linked',
  sourcesContent: false,
  conditions: ['synapse:source'],
  // jsonc-parser wraps its modules in a way that can't be bundled.
  external: ['sqlite3', 'typescript', 'jsonc-parser', '@napi-rs/keyring', ...absentDrivers],
  legalComments: 'none',
  logLevel: 'warning',
});

// Names the code that V8 keeps of it; see packages/cli/bin/load-bundle.cjs.
const bundle = join(outdir, 'synapse.cjs');
const hash = createHash('sha256').update(readFileSync(bundle)).digest('hex').slice(0, 32);
writeFileSync(`${bundle}.hash`, hash);
