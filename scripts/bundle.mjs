// Bundles the command into a file that starts fast, and one with what a start rarely needs, beside the files of the
// page. dist/ (tsc -b) is for library users.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { externalPackages } from './bundling/external-packages.mjs';
import { lazyModules } from './bundling/lazy-modules.mjs';
import { preparedSources } from './bundling/prepared-sources.mjs';
import { thirdPartyLicences } from './bundling/third-party.mjs';
import { buildWebPage } from './bundling/web-page.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outdir = join(root, 'packages/cli/bundle');
const bundle = join(outdir, 'synapse.cjs');
const rareBundle = join(outdir, 'rarely-used.cjs');

/** A start has to read all of its file, so what everyday commands don't load is in another. */
const rarelyUsed = [
  ...[
    'packages/http-api/',
    'packages/portability/',
    'packages/profiles/',
    'packages/tools-mcp/',
    'node_modules/yaml/',
  ],
  ...['node_modules/@decimalturn/toml-patch/', 'node_modules/turndown/', 'node_modules/unbash/'],
  ...['node_modules/toml-eslint-parser/', 'node_modules/highlight.js/', 'node_modules/diff/'],
  ...['node_modules/@anthropic-ai/sdk/tools/', 'packages/storage-memory/'],
  ...['packages/app/src/logging/log-sink', 'packages/app/src/conversation/answer-schema'],
];

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minify: true,
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
};

rmSync(outdir, { recursive: true, force: true });
const { chunks, everyday } = await buildChunks();
const nameHelper = findNameHelper();
const rare = new Set([...chunks.keys()].filter((name) => !everyday.has(name)));
await writeBundle(bundle, everyday, 'module.exports = require("./synapse.js");');
await writeBundle(rareBundle, rare);
// packages/cli/bin/load-bundle.cjs uses this to name V8's cached code.
const hash = createHash('sha256')
  .update(readFileSync(bundle))
  .update(readFileSync(rareBundle))
  .digest('hex')
  .slice(0, 32);
writeFileSync(`${bundle}.json`, JSON.stringify({ hash, commands: findCommands() }));

/**
 * Takes the program apart along its dynamic imports; `everyday` names the chunks that belong into the file of a start.
 */
async function buildChunks() {
  const { outputFiles, metafile } = await build({
    ...common,
    metafile: true,
    absWorkingDir: root,
    entryPoints: { synapse: join(root, 'packages/cli/src/main.ts') },
    outdir,
    format: 'esm',
    splitting: true,
    keepNames: true,
    sourcemap: 'external',
    conditions: ['synapse:source'],
    external: externalPackages,
    plugins: [lazyModules, preparedSources(root)],
    write: false,
  });
  const ofPage = await buildWebPage(root, join(outdir, 'web'));
  const licences = thirdPartyLicences(root, [...Object.keys(metafile.inputs), ...ofPage]);
  writeFileSync(join(outdir, 'THIRD-PARTY-LICENCES.txt'), licences);
  return {
    chunks: new Map(outputFiles.map(({ path, text }) => [basename(path), text])),
    everyday: findEveryday(metafile.outputs),
  };
}

/** The chunks that a start can reach without entering one that is rarely used. */
function findEveryday(outputs) {
  const isRare = ({ entryPoint = '' }) => rarelyUsed.some((start) => entryPoint.startsWith(start));
  const [entry] = Object.entries(outputs).find(
    ([, { entryPoint }]) => entryPoint === 'packages/cli/src/main.ts',
  );
  const reached = new Set([entry]);
  for (const path of reached) {
    for (const { path: next } of outputs[path].imports) {
      if (outputs[next] && !isRare(outputs[next])) reached.add(next);
    }
  }
  return new Set([...reached].map((path) => basename(path)));
}

/**
 * Puts chunks into one file, where each is a function that runs on its first use. The file offers those that the other
 * one uses, and asks `elsewhere` for the rest.
 */
async function writeBundle(outfile, names, start = '') {
  const offered = [...names].filter((name) =>
    [...chunks].some(([user, text]) => !names.has(user) && text.includes(`"./${name}"`)),
  );
  const offers = offered.map((name) => `${JSON.stringify(name)}: () => require("./${name}")`);
  const entry = `Object.assign(offered, { ${offers.join(', ')} });${start}`;
  const toCommonJs = async (name) => {
    const map = Buffer.from(chunks.get(`${name}.map`)).toString('base64');
    const source = `${chunks.get(name)}//# sourceMappingURL=data:application/json;base64,${map}`;
    const { code } = await transform(source, {
      format: 'cjs',
      target: common.target,
      sourcefile: name,
      sourcesContent: false,
      // Code that V8 has cached can't import(); require() does for what is external.
      supported: { 'dynamic-import': false },
      sourcemap: 'inline',
    });
    // Packages outside the bundle are imported as Node does it: their exports are the default.
    const body = withoutNames(code)
      .replaceAll(/(__toESM\(require\("[^."][^"]*"\))\)/g, '$1, 1)')
      .replaceAll(/require\("\.\/([\w.-]+\.js)"\)/g, (call, other) =>
        names.has(other) ? call : `elsewhere("${other}")`,
      );
    return `evaluated.add(${JSON.stringify(name.replace('.js', ''))});${body}`;
  };
  await build({
    ...common,
    stdin: { contents: entry, resolveDir: root },
    outfile,
    format: 'cjs',
    packages: 'external',
    sourcemap: 'linked',
    // The function that Node would make of a module; bin/load-bundle.cjs runs it unchanged.
    banner: {
      js: '(function (exports, require, module, __filename, __dirname, evaluated, elsewhere, offered) {',
    },
    footer: { js: '})' },
    plugins: [
      {
        name: 'chunks',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^\.\/[\w.-]+\.js$/ }, ({ path }) => ({
            path: basename(path),
            namespace: 'chunk',
          }));
          onLoad({ filter: /.*/, namespace: 'chunk' }, async ({ path }) => ({
            contents: await toCommonJs(path),
            resolveDir: root,
          }));
        },
      },
    ],
  });
}

/**
 * Giving minified functions their names back takes a tenth of a start; the places in a stack say enough about them.
 * Classes keep theirs: a program can read them.
 */
function withoutNames(code) {
  const helper = nameHelper.replaceAll('.', String.raw`\.`);
  return code.replaceAll(
    new RegExp(`^ *\\(0, ${helper}\\)\\((?!this,)[\\w$]+, "[^"]+"\\);$`, 'gm'),
    '',
  );
}

/** The name of esbuild's name helper in chunks that import it. */
function findNameHelper() {
  const definition = /(\w+)=\(\w+,\w+\)=>\w+\(\w+,"name",\{value:\w+,configurable:!0\}\)/;
  const [name, text] = [...chunks].find(([, text]) => definition.test(text));
  const [, local] = definition.exec(text);
  const [, exported] = new RegExp(`[{,]${local} as (\\w+)`).exec(text);
  return `import_${basename(name, '.js').replaceAll('-', '_')}.${exported}`;
}

function findCommands() {
  return readdirSync(join(root, 'packages/cli/src/commands'), { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -'.ts'.length).replaceAll(sep, ' '))
    .sort();
}
