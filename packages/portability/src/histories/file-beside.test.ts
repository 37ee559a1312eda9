import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { historyFile } from '@synapse/test/support/imported-histories';
import type { HistoryFile } from './history.ts';
import { findBeside, isBeside, readBeside, readJsonBeside } from './file-beside.ts';

describe('a file beside a history', () => {
  let home = '';
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'beside-'));
    await mkdir(join(home, 'tasks', 'folder'), { recursive: true });
    await writeFile(join(home, 'list.json'), '[1]');
    await writeFile(join(home, 'tasks', 'broken.json'), '[1');
    await writeFile(join(home, 'export.zip'), 'PK');
    await symlink(join(home, 'list.json'), join(home, 'tasks', 'link.json'));
  });
  afterAll(() => rm(home, { recursive: true }));

  it('is read from the disk, and is undefined if it is missing, damaged or no file', async () => {
    const file = historyFile(join(home, 'tasks', 'a.json'), '');
    expect(await readJsonBeside(file, '..', 'list.json')).toEqual([1]);
    expect(await readBeside(file, 'broken.json')).toBe('[1');
    expect(await readJsonBeside(file, 'broken.json')).toBeUndefined();
    expect(await findBeside(file, 'broken.json')).toMatchObject({ byteLength: 2 });
    expect(await findBeside(file, 'folder')).toBeUndefined();
    expect(await readBeside(file, 'other.json')).toBeUndefined();
    expect(await readBeside(file, 'folder')).toBeUndefined();
    // As in the search for histories, a link could lead anywhere.
    expect(await readBeside(file, 'link.json')).toBeUndefined();
  });

  it('is read from the archive that holds the history', async () => {
    const archive = `${home}/export.zip`;
    const files = ['tasks/a.json', 'tasks/b.json', 'list.json'].map((name) =>
      historyFile(`${archive}/${name}`, `"${name}"`),
    );
    const file = { ...files[0]!, around: () => Promise.resolve(files) };
    expect(await readJsonBeside(file, 'b.json')).toBe('tasks/b.json');
    expect(await readJsonBeside(file, '../list.json')).toBe('list.json');
    expect(await findBeside(file, 'b.json')).toBe(files[1]);
    expect(await readBeside(file, 'c.json')).toBeUndefined();
    expect(await findBeside(file, 'c.json')).toBeUndefined();
    expect(await readBeside(files[0]!, 'b.json')).toBeUndefined();
  });

  it('is found in a large archive without a search through all of its files', async () => {
    let readCount = 0;
    const paths = Array.from({ length: 500 }, (_, index) => `nowhere.zip/folder/${index}.json`);
    const files: HistoryFile[] = paths.map((path) => ({
      ...historyFile(path, ''),
      get path() {
        readCount += 1;
        return path;
      },
      around: async () => files,
    }));
    for (const [index, file] of files.entries()) {
      expect(await findBeside(file, `${index}.json`)).toBe(file);
      expect(await isBeside(file, 'nowhere.zip/folder')).toBe(true);
      expect(await isBeside(file, `nowhere.zip/${index}.json`)).toBe(false);
    }
    expect(readCount).toBeLessThan(10 * files.length);
  });
});
