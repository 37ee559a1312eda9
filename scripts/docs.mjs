// Writes what is generated in docs/ and config/; with --check, only says what is out of date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgresServer } from '../test/support/postgres-server.mjs';
import { loadSource } from './load-source.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isCheck = process.argv.includes('--check');

const { generatedDocs } = await loadSource('scripts/generated-docs.ts');

const files = { ...(await pages()), 'docs/architecture.md': architecture() };
const stale = [];
for (const [name, text] of Object.entries(files)) {
  const path = join(root, name);
  if (readIfThere(path) === text) continue;
  stale.push(name);
  if (!isCheck) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
if (stale.length === 0) console.log('docs are up to date');
for (const name of stale)
  console.log(isCheck ? `${name} is out of date: npm run docs` : `wrote ${name}`);
if (isCheck && stale.length > 0) process.exitCode = 1;

async function pages() {
  const { SYNAPSE_TEST_POSTGRES_URL: url } = process.env;
  if (url) return generatedDocs(url);
  const server = await startPostgresServer();
  try {
    return await generatedDocs(server.url);
  } finally {
    await server.stop();
  }
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The same page, with the graph between its marks generated from the imports. */
function architecture() {
  const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const [before, rest] = page.split('<!-- graph -->\n');
  const [, after] = rest.split('<!-- /graph -->\n');
  return `${before}<!-- graph -->\n\n\`\`\`mermaid\n${drawGraph()}\`\`\`\n\n<!-- /graph -->\n${after}`;
}

function drawGraph() {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      'packages',
      'config',
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'json',
    ],
    { cwd: root, encoding: 'utf8', maxBuffer: 256 << 20 },
  );
  if (!stdout) throw new Error(`dependency-cruiser failed (${status}): ${stderr}`);
  const roomOf = (path) => /^(?:packages\/([^/]+)|(config))\//.exec(path)?.slice(1).find(Boolean);
  const arrows = new Set();
  for (const { source, dependencies } of JSON.parse(stdout).modules) {
    if (source.endsWith('.test.ts')) continue;
    for (const { resolved } of dependencies) {
      const [from, to] = [roomOf(source), roomOf(resolved)];
      if (from && to && from !== to) arrows.add(`  ${from} --> ${to}\n`);
    }
  }
  return `flowchart BT\n${[...arrows].sort().join('')}`;
}
