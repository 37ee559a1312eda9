import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, lstatSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeNullDevice } from '@synapse/test/support/null-device';
import { outcomeOf, SynapseHome } from '@synapse/test/support/run-synapse';

describe('a device instead of a file', () => {
  let home: SynapseHome;
  let device: string;
  let before: number;
  beforeEach(async () => {
    home = new SynapseHome();
    await home.run(['-p', 'demo', '-s', 'talk', 'Hello']);
    await home.run(['db', 'backup', 'kept.db']);
    device = makeNullDevice(home.folder);
    before = lstatSync(device).mode;
  });
  afterEach(() => {
    const after = lstatSync(device).mode;
    home.remove();
    // A machine on which this has changed is out of order.
    expect(after.toString(8)).toBe(before.toString(8));
  });

  it.each([
    ['sessions', 'export', 'talk', '--force', '-o'],
    ['db', 'backup', '--force'],
    ['db', 'copy', 'kept.db'],
    ['db', 'restore', 'kept.db', '--yes', '--database'],
    ['-p', 'demo', '--repl', '--database'],
  ])('is neither replaced nor changed by %s %s', async (...args) => {
    const { stdout, stderr, exitCode } = await home.run([...args, device]);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 73 });
    expect(stderr).toContain(device);
  });

  it('is not written over as settings', async () => {
    const environment = { SYNAPSE_CONFIG: device };
    for (const args of [
      ['set', 'model', 'x'],
      ['unset', 'model'],
    ]) {
      const { stderr, exitCode } = await home.run(['config', ...args], { environment });
      expect(stderr).toContain('not a regular file');
      expect(exitCode).toBe(73);
    }
  });

  it('is not written over as a list of MCP servers', async () => {
    symlinkSync(device, join(home.folder, '.config/synapse/mcp_servers.json'));
    const { stderr, exitCode } = await home.run(['mcp', 'add', 'one', 'https://one.example/']);
    expect(stderr).toContain("can't be written (it is not a regular file)");
    expect(exitCode).toBe(78);
  });

  it.each([
    ['SYNAPSE_MCP_CONFIG', '/dev/zero', 'it is a device'],
    ['SYNAPSE_CONFIG', '/dev/zero', 'is larger than 1 MiB'],
    ['SYNAPSE_MCP_CONFIG', 'pipe', 'it is not a regular file'],
    ['SYNAPSE_CONFIG', 'pipe', 'is a named pipe'],
  ])('is refused at once as %s: %s', async (variable, path, reason) => {
    const pipe = join(home.folder, 'pipe');
    spawnSync('mkfifo', [pipe]);
    const environment = { [variable]: path === 'pipe' ? pipe : path };
    const { stderr, exitCode } = await home.run(['-p', 'demo', 'hi'], { environment });
    expect(stderr).toContain(reason);
    expect(exitCode).toBe(78);
  });

  it('does not wait for a reader of a named pipe that is to be the log', async () => {
    const pipe = join(home.folder, 'pipe');
    spawnSync('mkfifo', [pipe]);
    const settings = join(home.folder, '.config/synapse/config.toml');
    writeFileSync(settings, `[log]\nfile = "${pipe}"\nlevel = "debug"\n`);
    expect((await home.run(['-p', 'demo', 'hi'])).exitCode).toBe(0);
  });

  it('is attached only where it can be read', async () => {
    const binary = join(process.cwd(), 'packages/cli/bin/synapse.cjs');
    // In a session of its own, which has no terminal.
    const child = spawn(process.execPath, [binary, '-p', 'demo', '-f', '/dev/tty', 'hi'], {
      ...{ detached: true, env: home.environment, stdio: ['ignore', 'pipe', 'pipe'] },
    });
    const { stderr, exitCode } = await outcomeOf(child);
    expect(stderr).toContain('"/dev/tty" cannot be read (ENXIO).');
    expect(exitCode).toBe(66);
  });

  it('can be used as a log file to discard the log', async () => {
    const settings = join(home.folder, '.config/synapse/config.toml');
    writeFileSync(settings, `[log]\nfile = "${device}"\n`);
    expect((await home.run(['-p', 'demo', 'hi'])).exitCode).toBe(0);
  });
});

describe('a link instead of a file', () => {
  let home: SynapseHome;
  beforeEach(async () => {
    home = new SynapseHome();
    await home.run(['-p', 'demo', '-s', 'talk', 'Hello']);
    await home.run(['db', 'backup', 'kept.db']);
  });
  afterEach(() => home.remove());

  it.each([
    ['sessions', 'export', 'talk', '--format', 'json', '--force', '-o'],
    ['db', 'backup', '--force'],
    ['db', 'restore', 'kept.db', '--yes', '--database'],
  ])('stays one where what it leads to is replaced by %s %s', async (...args) => {
    const [file, link] = [join(home.folder, 'file.db'), join(home.folder, 'link.db')];
    copyFileSync(join(home.folder, 'kept.db'), file);
    symlinkSync(file, link);
    const inode = statSync(file).ino;
    expect((await home.run([...args, link])).exitCode).toBe(0);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(statSync(file).ino).not.toBe(inode);
  });
});
