import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readSeatbelt, type Seatbelt } from '@synapse/test/support/seatbelt';
import { createSandboxExec } from './sandbox-exec.ts';
import type { SandboxedCommand } from './sandbox.ts';

/** The rules are read as macOS reads them: it can't be asked here. */
describe('the sandbox of macOS', () => {
  let folder: string;
  let root: string;
  let prepared: SandboxedCommand;
  let rules: Seatbelt;

  const prepare = async (options: { allowNetwork?: boolean; PATH?: string } = {}) => {
    prepared = await createSandboxExec('/usr/bin/sandbox-exec').prepare({
      command: ['/bin/sh', '-c', '(allow default)'],
      roots: [root],
      protectedPaths: ['/secret', join(root, 'memory.db')],
      environment: { LANG: 'C', PATH: options.PATH ?? '/usr/bin:/bin' },
      workingDirectory: root,
      allowNetwork: options.allowNetwork ?? false,
    });
    rules = readSeatbelt(prepared.command);
  };

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'synapse-macos-')));
    root = join(folder, 'a"b\\c)\n(allow default)\n;');
    await mkdir(join(root, 'part/.git/hooks'), { recursive: true });
    await writeFile(join(root, 'part/.git/config'), '');
    await writeFile(join(root, 'part/.env'), 'CANARY');
    await writeFile(join(root, 'memory.db'), 'CANARY');
    await prepare();
  });
  afterEach(async () => {
    await prepared.finish();
    await rm(folder, { recursive: true, force: true });
  });

  it('starts the command as it is, and puts no path into the text of the rules', () => {
    expect(prepared.command[0]).toBe('/usr/bin/sandbox-exec');
    expect(prepared.command.slice(-3)).toEqual(['/bin/sh', '-c', '(allow default)']);
    expect(rules.text).not.toContain('allow default');
    expect(rules.text).not.toContain(folder);
    expect(rules.text).not.toContain(homedir());
  });

  it.each([
    join(homedir(), '.ssh/id_ed25519'),
    join(homedir(), '.config/synapse/config.toml'),
    join(homedir(), 'Library/Keychains/login.keychain-db'),
    homedir(),
    '/Users/somebody/notes.txt',
    '/Volumes/backup/x',
    '/private/var/root/.profile',
    '/Library/Keychains/System.keychain',
    '/private/tmp/of-another-program',
    '/secret',
    '/secret/below',
  ])('does not read %s', (path) => {
    expect(rules.allows('file-read-data', path)).toBe(false);
    expect(rules.allows('file-write-data', path)).toBe(false);
  });

  it('does not read what is secret in the folder, nor what Synapse keeps there', () => {
    for (const name of ['part/.env', 'memory.db']) {
      expect(rules.allows('file-read-data', join(root, name))).toBe(false);
      expect(rules.allows('file-write-unlink', join(root, name))).toBe(false);
    }
  });

  it('reads the system and the folder', () => {
    const paths = ['/usr/lib/libSystem.dylib', '/bin/sh', '/System/Library/x', join(root, 'x')];
    for (const path of paths) expect(rules.allows('file-read-data', path)).toBe(true);
  });

  it.each(['/etc/hosts', '/usr/local/bin/x', '/private/tmp/x', '/dev/disk0', join(homedir(), 'x')])(
    'does not write %s',
    (path) => {
      expect(rules.allows('file-write-create', path)).toBe(false);
      expect(rules.allows('file-write-data', path)).toBe(false);
    },
  );

  it('writes within the folder, but not beside it and not what other programs obey', () => {
    expect(rules.allows('file-write-create', join(root, 'part/new.txt'))).toBe(true);
    expect(rules.allows('file-write-unlink', join(root, 'part/old.txt'))).toBe(true);
    expect(rules.allows('file-write-data', '/dev/null')).toBe(true);
    const guarded = ['part/.git/config', 'part/.git/hooks/pre-commit', '.git/config', '.vscode/x'];
    for (const path of [...guarded.map((name) => join(root, name)), `${root}-evil`, folder]) {
      expect(rules.allows('file-write-create', path)).toBe(false);
    }
    expect(rules.allows('file-write-create', join(root, 'part/.git/index.lock'))).toBe(true);
  });

  it('moves no folder away that something guarded lies in, and gives no file a second name', () => {
    for (const path of [root, join(root, 'part'), join(root, 'part/.git')]) {
      expect(rules.allows('file-write-unlink', path)).toBe(false);
    }
    expect(rules.allows('file-link', join(root, 'part/.git/config'))).toBe(false);
  });

  it('gives the command a home and a place for temporary files that go with it', async () => {
    const { HOME = '', TMPDIR, LANG } = prepared.environment;
    expect({ TMPDIR, LANG }).toEqual({ TMPDIR: HOME, LANG: 'C' });
    expect(rules.allows('file-write-create', join(HOME, '.gitconfig'))).toBe(true);
    expect(rules.allows('file-read-data', join(HOME, '.gitconfig'))).toBe(true);
    await writeFile(join(HOME, 'left-behind'), '');
    await prepared.finish();
    expect(existsSync(HOME)).toBe(false);
    expect((await readdir(root)).sort()).toEqual(['memory.db', 'part']);
  });

  it('puts aside what a command made git obey', async () => {
    await writeFile(join(root, 'part/.git/commondir'), '/elsewhere');
    expect(await prepared.finish()).toEqual([expect.stringContaining('commondir')]);
  });

  it('asks no other program for anything', () => {
    const services = ['com.apple.SecurityServer', 'com.apple.coreservices.launchservicesd'];
    for (const name of services) expect(rules.allows('mach-lookup', name)).toBe(false);
    for (const operation of ['appleevent-send', 'job-creation', 'lsopen', 'file-mount']) {
      expect(rules.allows(operation, '')).toBe(false);
    }
    expect(rules.allows('signal', 'others')).toBe(false);
    expect(rules.allows('signal', 'same-sandbox')).toBe(true);
    expect(rules.allows('sysctl-read', 'kern.procargs2.1')).toBe(false);
  });

  it('reaches the network only where that is allowed, and no socket of this computer', async () => {
    expect(rules.allows('network-outbound', 'tcp')).toBe(false);
    expect(rules.allows('network-bind', 'tcp')).toBe(false);
    await prepared.finish();
    await prepare({ allowNetwork: true });
    expect(rules.allows('network-outbound', 'tcp')).toBe(true);
    expect(rules.allows('network-outbound', '/private/var/run/mDNSResponder')).toBe(true);
    expect(rules.allows('network-outbound', '/private/var/run/docker.sock')).toBe(false);
  });

  it('reads the programs of a version manager, but no home that a PATH names', async () => {
    const versions = join(folder, 'versions/1');
    await mkdir(join(versions, 'bin'), { recursive: true });
    await prepared.finish();
    await prepare({ PATH: `${join(versions, 'bin')}:${homedir()}:${dirname(homedir())}:relative` });
    expect(rules.allows('file-read-data', join(versions, 'bin/node'))).toBe(true);
    expect(rules.allows('file-read-data', join(versions, 'lib/x'))).toBe(true);
    expect(rules.allows('file-write-data', join(versions, 'bin/node'))).toBe(false);
    expect(rules.allows('file-read-data', join(homedir(), '.ssh/id_rsa'))).toBe(false);
  });

  it('is refused for the root of the file system', async () => {
    root = '/';
    await expect(prepare()).rejects.toThrow('The root of the file system');
  });
});
