import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findSandbox } from './find-sandbox.ts';
import type { Sandbox } from './sandbox.ts';

const NOBODY = 65534;
const search = await findSandbox();
const sandbox: Sandbox | undefined = 'sandbox' in search ? search.sandbox : undefined;
const users: [string, number | undefined][] = [['the current user', undefined]];
// Only the superuser can try what it is like for others.
if (process.getuid?.() === 0) users.push(['an ordinary user', NOBODY]);

const describeSandboxed = sandbox ? describe : describe.skip;
const reason = 'problem' in search ? ` (skipped: ${search.problem})` : '';

describeSandboxed.each(users)(`bubblewrap as %s${reason}`, (_name, uid) => {
  let folder: string;
  let root: string;

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'synapse sandbox\n--bind-')));
    root = join(folder, 'a --ro-bind b');
    await mkdir(join(root, '.git', 'hooks'), { recursive: true });
    await writeFile(join(root, '.git', 'config'), '');
    await writeFile(join(root, '.env'), 'CANARY');
    await chmod(folder, 0o755);
    if (uid !== undefined) {
      for (const path of ['', '.git', '.git/hooks', '.git/config', '.env']) {
        await chown(join(root, path), uid, uid);
      }
    }
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await rm(`${folder}.filter`, { force: true });
  });

  async function run(
    line: string,
  ): Promise<{ status: number | null; output: string; notes: string[] }> {
    const prepared = await sandbox!.prepare({
      command: ['/bin/sh', '-c', line],
      workingDirectory: root,
      roots: [root],
      protectedPaths: [],
      environment: { PATH: `/usr/bin:/bin:${homedir()}` },
      allowNetwork: false,
    });
    const [program = '', ...args] = prepared.command;
    const filterFile = `${folder}.filter`;
    await writeFile(filterFile, prepared.descriptor ?? '');
    const descriptor = openSync(filterFile, 'r');
    const { status, stdout, stderr } = spawnSync(program, args, {
      stdio: ['ignore', 'pipe', 'pipe', descriptor],
      env: { ...prepared.environment, CANARY: 'CANARY' },
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    closeSync(descriptor);
    const notes = await prepared.finish();
    return { status, output: `${stdout.toString()}${stderr.toString()}`, notes };
  }

  it('writes in the working directory, whatever its name', async () => {
    expect(await run('echo hello > file && cat file && rm file && pwd')).toEqual({
      status: 0,
      output: `hello\n${root}\n`,
      notes: [],
    });
  });

  it.each([
    'cat .env',
    'env | grep CANARY',
    'touch .git/hooks/x',
    'echo x > .git/config',
    'touch /usr/x',
    'touch /x',
    'unshare -Ur true',
    'mount -t tmpfs x /mnt',
    'cat /etc/shadow',
    'ls /home',
    `ls '${homedir()}'`,
    'mv .git other',
  ])('refuses: %s', async (line) => {
    const { status, output } = await run(line);
    expect(status).not.toBe(0);
    expect(output).not.toContain('CANARY');
  });

  it('shows nothing that is not there, and makes nothing in the folder', async () => {
    expect(await run('ls -A; ls -A .git')).toEqual({
      status: 0,
      output: '.env\n.git\nconfig\nhooks\n',
      notes: [],
    });
  });

  it('leaves nothing behind where nothing may be', async () => {
    await run('touch ../x /tmp/x');
    expect((await readdir(root)).sort()).toEqual(['.env', '.git']);
    expect(await readdir(folder)).toEqual(['a --ro-bind b']);
  });
});

describe('findSandbox', () => {
  it('says what is missing', async () => {
    expect(await findSandbox('linux', ['/nowhere/bwrap'])).toEqual({
      problem: 'Bubblewrap (the package "bubblewrap") is not installed.',
    });
    expect(await findSandbox('win32')).toEqual({ problem: 'There is no sandbox for this system.' });
  });

  it('does not rely on what does not work', async () => {
    expect(await findSandbox('linux', ['/bin/false'])).toEqual({
      problem: 'Bubblewrap is installed but cannot create user namespaces here.',
    });
  });
});
