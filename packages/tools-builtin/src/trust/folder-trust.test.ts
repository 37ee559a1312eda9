import {
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFolderTrust, type FolderTrust } from './folder-trust.ts';

let folder: string;
let file: string;
let trust: FolderTrust;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'synapse-trust-')));
  file = join(folder, 'state', 'trusted-folders.json');
  trust = createFolderTrust(file);
  for (const name of ['a', 'a/inner', 'b']) await mkdir(join(folder, name));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('folder trust', () => {
  it('trusts nothing at first', async () => {
    expect(await trust.isTrusted(join(folder, 'a'))).toBe(false);
    expect(await trust.isTrusted(join(folder, 'missing'))).toBe(false);
  });

  it('trusts exactly the folder, whatever way leads to it', async () => {
    await trust.trust(join(folder, 'a'));
    await symlink('a', join(folder, 'link'));
    expect(await trust.isTrusted(join(folder, 'a', 'inner', '..'))).toBe(true);
    expect(await trust.isTrusted(join(folder, 'link'))).toBe(true);
    expect(await trust.isTrusted(join(folder, 'a', 'inner'))).toBe(false);
    expect(await trust.isTrusted(join(folder, 'b'))).toBe(false);
    expect(await trust.isTrusted(folder)).toBe(false);
  });

  it('does not follow a trusted name that became a link', async () => {
    await trust.trust(join(folder, 'a'));
    await rename(join(folder, 'a'), join(folder, 'moved'));
    await symlink('b', join(folder, 'a'));
    expect(await trust.isTrusted(join(folder, 'a'))).toBe(false);
  });

  it('forgets a folder that is no longer trusted', async () => {
    await trust.trust(join(folder, 'a'));
    await trust.trust(join(folder, 'b'));
    await trust.revoke(join(folder, 'a'));
    expect(await trust.list()).toEqual([join(folder, 'b')]);
  });

  it('keeps its file to the owner and leaves nothing else', async () => {
    await trust.trust(join(folder, 'a'));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'state'))).toEqual(['trusted-folders.json']);
  });

  it.each(['', '{"/": true}', '[1]', 'null', '["/'])(
    'trusts nothing by a damaged file: %j',
    async (text) => {
      await trust.trust(join(folder, 'a'));
      await writeFile(file, text);
      expect(await trust.isTrusted(join(folder, 'a'))).toBe(false);
      expect(await trust.isTrusted('/')).toBe(false);
    },
  );
});
