// The commands for oclif's own runner and tools, as package.json#oclif names them. `synapse` itself
// never loads this file: it imports only the command that is called.
import { createRequire } from 'node:module';

const { commands } = createRequire(import.meta.url)('./load-bundle.cjs');

export default Object.fromEntries(
  await Promise.all(
    Object.entries(commands).map(async ([id, load]) => [
      id.replaceAll(' ', ':'),
      (await load()).default,
    ]),
  ),
);
