import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { completePath } from './complete-path.ts';

describe('completePath', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'synapse-paths-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('finds matches among any number of entries, sorted by name', async () => {
    const names = Array.from(
      { length: 300 },
      (_, index) => `file-${String(index).padStart(3, '0')}`,
    );
    const last = ['zeta-2', 'zeta-1', 'zeta-3'];
    for (const name of [...last, ...names.toReversed()]) await writeFile(join(folder, name), '');
    const found = async (typed: string) =>
      (await completePath(`${folder}/${typed}`)).map(({ value }) => value.slice(folder.length + 1));
    expect(await found('zeta')).toEqual(['zeta-1', 'zeta-2', 'zeta-3']);
    expect(await found('file-29')).toEqual(names.slice(290));
    expect(await found('')).toEqual(names.slice(0, 200));
  });
});
