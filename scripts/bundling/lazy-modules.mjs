import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const require = createRequire(import.meta.url);

/** Modules that Node does not load at its start, so that only their users pay for them. */
const slowBuiltins = [
  'assert',
  'child_process',
  'crypto',
  'dns',
  'fs/promises',
  'http',
  'https',
  'net',
  'perf_hooks',
  'readline',
  'stream/promises',
  'tls',
  'tty',
  'v8',
  'worker_threads',
  'zlib',
];
/** Packages whose only export is a function, and that take long to be evaluated. */
const slowFunctions = ['string-width'];

/**
 * Loads some modules when something of them is first used, not when a module that imports them is
 * evaluated. A class that extends one of theirs uses it at once.
 */
export const lazyModules = {
  name: 'lazy-modules',
  setup(build) {
    const namespace = 'lazy';
    const slow = [...slowBuiltins.flatMap((name) => [name, `node:${name}`]), ...slowFunctions];
    build.onResolve(
      { filter: new RegExp(`^(${slow.join('|')})$`) },
      ({ path, importer, kind, ...from }) => {
        // Dynamic imports are lazy already.
        if (from.namespace === namespace || kind === 'dynamic-import') return undefined;
        return { path: path.replace('node:', ''), namespace, pluginData: importer };
      },
    );
    build.onLoad({ filter: /.*/, namespace }, ({ path, pluginData: importer }) => ({
      resolveDir: dirname(importer),
      contents: slowFunctions.includes(path) ? lazyFunction(path) : lazyBuiltin(path),
    }));
  },
};

function lazyFunction(name) {
  return `
    let loaded;
    module.exports = (...input) => (loaded ??= require('${name}').default)(...input);`;
}

function lazyBuiltin(name) {
  const loaded = require(`node:${name}`);
  return `
    let loaded;
    const load = () => (loaded ??= require('node:${name}'));
    ${typeof loaded === 'function' ? 'module.exports = (...input) => load()(...input);' : ''}
    for (const name of ${JSON.stringify(Object.keys(loaded))}) {
      Object.defineProperty(module.exports, name, { enumerable: true, get: () => load()[name] });
    }`;
}
