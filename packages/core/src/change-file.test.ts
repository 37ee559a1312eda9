import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import { changeFile, UnwritableFileError } from './change-file.ts';

const folder = temporaryFolder();

describe('changeFile', () => {
  it('keeps all concurrent additions', async () => {
    const file = join(folder, 'many');
    const words = Array.from({ length: 12 }, (_, index) => `word-${index}`);
    await Promise.all(
      words.map((word) =>
        changeFile(file, async (write) => {
          const text = await readFile(file, 'utf8').catch(() => '');
          await write(`${text}${word}\n`);
        }),
      ),
    );
    expect((await readFile(file, 'utf8')).trim().split('\n').sort()).toEqual(words.sort());
  });

  it('writes to the target of a link, private to the owner, and leaves no temporary file', async () => {
    const real = join(folder, 'dotfiles', 'real');
    await mkdir(join(folder, 'dotfiles'));
    await writeFile(real, 'old', { mode: 0o644 });
    await symlink(real, join(folder, 'link'));
    await changeFile(join(folder, 'link'), (write) => write('new'));
    expect(await readFile(real, 'utf8')).toBe('new');
    expect((await stat(real)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'dotfiles'))).toEqual(['real']);
  });

  it('uses the same lock for a file and for a link to it', async () => {
    const real = join(folder, 'one');
    await writeFile(real, '');
    await symlink(real, join(folder, 'to-one'));
    const order: string[] = [];
    const change = (name: string) =>
      changeFile(join(folder, name), async () => {
        order.push('begin');
        await readFile(real);
        order.push('end');
      });
    await Promise.all([change('one'), change('to-one')]);
    expect(order).toEqual(['begin', 'end', 'begin', 'end']);
  });

  it('releases the lock when the change fails, and rethrows its error', async () => {
    const file = join(folder, 'failing');
    const failure = new Error('not so');
    await expect(changeFile(file, () => Promise.reject(failure))).rejects.toBe(failure);
    await changeFile(file, (write) => write('fine'));
    expect(await readFile(file, 'utf8')).toBe('fine');
  });

  it('names the system error if it cannot write the file', async () => {
    await writeFile(join(folder, 'file'), '');
    const inFile = changeFile(join(folder, 'file', 'x'), (write) => write(''));
    await expect(inFile).rejects.toThrow(UnwritableFileError);
    await expect(inFile).rejects.toMatchObject({ message: 'EEXIST' });
    const inFolder = changeFile(folder, (write) => write(''));
    await expect(inFolder).rejects.toMatchObject({ message: 'it is not a regular file' });
  });
});
