// Runs TypeScript of this repository from a script, as it is: nothing has to be built first.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

export async function loadSource(name) {
  const compiled = join(root, '.setup', `${name.replaceAll(/\W/g, '-')}-${process.pid}.mjs`);
  mkdirSync(dirname(compiled), { recursive: true });
  await build({
    entryPoints: [join(root, name)],
    outfile: compiled,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['synapse:source'],
    packages: 'external',
    // Our own packages are sources here, everything else is as installed.
    plugins: [
      { name: 'ours', setup: ({ onResolve }) => onResolve({ filter: /^@synapse\// }, ourSource) },
    ],
    logLevel: 'warning',
  });
  try {
    return await import(pathToFileURL(compiled).href);
  } finally {
    rmSync(compiled);
  }
}

function ourSource({ path }) {
  const name = path.slice('@synapse/'.length);
  if (name.startsWith('test/')) return { path: join(root, `${name}.ts`) };
  if (name === 'config') return { path: join(root, 'config/index.ts') };
  const [folder, ...part] = name.split('/');
  const home = join(root, 'packages', folder);
  const { exports } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const { 'synapse:source': source } = exports[['.', ...part].join('/')] ?? exports['./*'];
  return { path: join(home, source.replace('*', part.join('/'))) };
}
