import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSandboxExec } from './sandbox-exec.ts';

describe('the sandbox of macOS', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'synapse a"b\\')));
    await mkdir(join(folder, '.git/hooks'), { recursive: true });
    await writeFile(join(folder, '.env'), 'CANARY');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const profileFor = async (allowNetwork: boolean) => {
    const { command, environment } = await createSandboxExec('/usr/bin/sandbox-exec').prepare({
      ...{ command: ['/bin/sh', '-c', 'true'], roots: [folder], protectedPaths: ['/secret'] },
      ...{ environment: { LANG: 'C' }, workingDirectory: folder, allowNetwork },
    });
    expect(environment).toEqual({ LANG: 'C' });
    const [program, flag, profile = '', ...rest] = command;
    expect([program, flag, rest]).toEqual([
      '/usr/bin/sandbox-exec',
      '-p',
      ['/bin/sh', '-c', 'true'],
    ]);
    return profile.split('\n');
  };

  it('writes within the roots alone, and not what other programs obey', async () => {
    const rules = await profileFor(false);
    const root = folder.replace(/["\\]/g, '\\$&');
    expect(rules.indexOf('(deny file-write*)')).toBeGreaterThan(0);
    const allowed = rules.indexOf(`(allow file-read* file-write* (subpath "${root}"))`);
    expect(allowed).toBeGreaterThan(rules.indexOf('(deny file-write*)'));
    const hooks = rules.indexOf(`(deny file-write* (subpath "${root}/.git/hooks"))`);
    expect(hooks).toBeGreaterThan(allowed);
    expect(rules.at(-2)).toContain('deny file-read* file-write*');
    expect(rules).toContain('(deny file-read* file-write* (subpath "/secret"))');
    expect(rules).toContain(`(deny file-read* file-write* (subpath "${root}/.env"))`);
  });

  it('reaches the network only where that is allowed', async () => {
    expect(await profileFor(false)).toContain('(deny network*)');
    expect(await profileFor(true)).not.toContain('(deny network*)');
  });
});
