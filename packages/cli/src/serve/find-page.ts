import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder with the page that was built beside the command; undefined where it was not built. */
export function findPage(): string | undefined {
  const bin = dirname(realpathSync(process.argv[1] ?? ''));
  const folder = join(bin, '../bundle/web');
  return existsSync(join(folder, 'page.json')) ? folder : undefined;
}
