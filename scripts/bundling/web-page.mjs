// Builds packages/web into hashed files that a browser may keep for ever, and compresses them once.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const types = { js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', html: 'text/html' };

/**
 * Writes `page.json`, which lists the files, and the files with their compressed forms. Returns the inputs, whose
 * licences accompany the page.
 */
export async function buildWebPage(root, outdir) {
  const { files, inputs } = await compileWebPage(root);
  mkdirSync(outdir, { recursive: true });
  const list = files.map(({ path, bytes }) => {
    const type = types[path.split('.').at(-1)];
    const name = path === '/' ? 'index.html' : basename(path);
    writeFileSync(join(outdir, name), bytes);
    writeFileSync(join(outdir, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    writeFileSync(join(outdir, `${name}.br`), toBrotli(bytes));
    return { path, name, type: `${type ?? types.html}; charset=utf-8`, tag: hashOf(bytes) };
  });
  writeFileSync(join(outdir, 'page.json'), JSON.stringify(list));
  return inputs;
}

/** The files of the page by their address; `start` names those that the first view needs. */
export async function compileWebPage(root) {
  const source = join(root, 'packages/web/src');
  const { outputFiles, metafile } = await build({
    ...{ bundle: true, minify: true, splitting: true, format: 'esm', write: false, metafile: true },
    absWorkingDir: root,
    entryPoints: { page: join(source, 'main.tsx') },
    outdir: join(root, 'assets'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    target: ['chrome123', 'firefox128', 'safari17.5'],
    conditions: ['synapse:source'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'warning',
  });
  const built = outputFiles.map(({ path, contents }) => ({
    path: `/assets/${basename(path)}`,
    bytes: Buffer.from(contents),
  }));
  const icon = readFileSync(join(source, 'icon.svg'));
  const iconPath = `/assets/icon-${hashOf(icon).slice(0, 8)}.svg`;
  const find = (pattern) => built.find(({ path }) => pattern.test(path)).path;
  const script = find(/\/page-\w+\.js$/);
  const names = { icon: iconPath, style: find(/\/page-\w+\.css$/), script };
  const shell = readFileSync(join(source, 'index.html'), 'utf8').replaceAll(
    /\{\{(\w+)\}\}/g,
    (_, name) => names[name],
  );
  const files = [
    { path: '/', bytes: Buffer.from(shell) },
    { path: iconPath, bytes: icon },
    ...built,
  ];
  const start = ['/', names.style, ...importedBy(metafile.outputs, script)];
  return { files, start, inputs: Object.keys(metafile.inputs) };
}

/** A script and all that it imports without waiting. */
function importedBy(outputs, script) {
  const reached = new Set([script.slice(1)]);
  for (const path of reached) {
    for (const { path: next, kind } of outputs[path].imports) {
      if (kind === 'import-statement') reached.add(next);
    }
  }
  return [...reached].map((path) => `/${path}`);
}

function toBrotli(bytes) {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
    },
  });
}

function hashOf(bytes) {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}
