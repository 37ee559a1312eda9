// The headers that native packages are compiled with.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The variables that make node-gyp take the headers that came with this Node. It would download them, which fails
 * where only a registry of packages can be reached.
 * @param {string} configured the answer to `npm config get nodedir disturl dist-url`
 * @returns {Record<string, string>} empty where the person has configured something, or no such headers are here
 */
export function headerVariables(
  configured,
  executable = process.execPath,
  version = process.versions.node,
) {
  if (configured.split('\n').some((line) => line !== '' && !line.endsWith('=undefined'))) return {};
  const folder = findHeaders(executable, version);
  return folder === undefined ? {} : { npm_config_nodedir: folder };
}

/** The folder above `include`, with the headers of that very version. */
function findHeaders(executable, version) {
  const folder = dirname(dirname(realpathSync(executable)));
  const versionFile = join(folder, 'include/node/node_version.h');
  if (!existsSync(join(folder, 'include/node/node.h')) || !existsSync(versionFile))
    return undefined;
  const definitions = readFileSync(versionFile, 'utf8');
  const numbers = ['MAJOR', 'MINOR', 'PATCH'].map(
    (part) => new RegExp(`^#define NODE_${part}_VERSION (\\d+)`, 'm').exec(definitions)?.[1],
  );
  return numbers.join('.') === version ? folder : undefined;
}
