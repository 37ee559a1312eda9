import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findGuards } from './find-guards.ts';

describe('findGuards', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'synapse-guards-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const make = async (name: string) => {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), '');
  };

  it('finds what is secret however far down it lies', async () => {
    const name = `${'folder/'.repeat(30)}.env`;
    await make(name);
    expect((await findGuards([root], [])).hiddenFiles).toEqual([join(root, name)]);
  });

  it('finds what .synapseignore excludes, as the other tools do', async () => {
    await make('private/a');
    await make('part/notes.txt');
    await make('part/kept.txt');
    await make('other/notes.txt');
    await writeFile(join(root, '.synapseignore'), 'private/\n');
    await writeFile(join(root, 'part/.synapseignore'), '*.txt\n!kept.txt\n');
    const { hiddenFiles, hiddenFolders } = await findGuards([root], []);
    expect(hiddenFolders).toEqual([join(root, 'private')]);
    expect(hiddenFiles).toEqual([join(root, 'part/notes.txt')]);
  });

  it('finds what lies beside a folder full of files, and says where it gave up', async () => {
    for (let index = 0; index < 40; index += 1) await make(`build/${index}/x/y`);
    await make('secrets/.env');
    const { hiddenFiles, notes } = await findGuards([root], [], 60);
    expect(hiddenFiles).toEqual([join(root, 'secrets/.env')]);
    expect(notes).toEqual([expect.stringContaining('more than 60 files')]);
  });
});
