// Removes everything that a build made. What npm installed stays.
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name));
for (const folder of [...packages, 'config', 'test']) {
  for (const name of ['dist', 'bundle', 'tsconfig.tsbuildinfo']) {
    rmSync(join(root, folder, name), { recursive: true, force: true });
  }
}
rmSync(join(root, '.setup/built'), { force: true });
