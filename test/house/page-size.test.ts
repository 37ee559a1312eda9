import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { compileWebPage } from '../../scripts/bundling/web-page.mjs';

const KB = 1000;

describe('the page', () => {
  it('needs at most 80 kB to start, and 150 kB in all', async () => {
    const { files, start } = await compileWebPage(process.cwd());
    const sizes = new Map(
      files.map(({ path, bytes }) => [path, gzipSync(bytes, { level: 9 }).length]),
    );
    const sum = (values: Iterable<number>) => [...values].reduce((total, size) => total + size, 0);
    expect(sum(start.map((path) => sizes.get(path)!))).toBeLessThanOrEqual(80 * KB);
    expect(sum(sizes.values())).toBeLessThanOrEqual(150 * KB);
  });
});
