import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@synapse/core';
import { openToolRoom, type ToolRoom } from '@synapse/test/support/builtin-tools';

const CANARY = 'CANARY-7f3a';

let room: ToolRoom;
let socket: ReturnType<typeof createServer>;

beforeAll(async () => {
  room = await openToolRoom((folder) => ({ protectedPaths: [join(folder, 'ws', 'own')] }));
  const { workspace, outside } = room;
  await mkdir(join(outside, 'sub'));
  await writeFile(join(outside, 'secret.txt'), CANARY);
  await writeFile(join(outside, 'sub', 'x.txt'), CANARY);
  await mkdir(join(workspace, 'src'));
  await writeFile(join(workspace, 'src', 'a.txt'), 'plain');
  await writeFile(join(workspace, '-rf'), 'plain');
  await writeFile(join(workspace, 'new\nline'), 'plain');
  await mkdir(join(workspace, '.git', 'hooks'), { recursive: true });
  await writeFile(join(workspace, '.git', 'config'), '[core]');
  for (const name of [
    '.env',
    '.env.local',
    '.ENV',
    'id_ed25519',
    'server.key',
    'store.p12',
    '.bash_history',
    '.node_repl_history',
    'rclone.conf',
  ]) {
    await writeFile(join(workspace, name), CANARY);
  }
  await mkdir(join(workspace, '.ssh'));
  await writeFile(join(workspace, '.ssh', 'config'), CANARY);
  const links: [string, string][] = [
    ['leaf', join(outside, 'secret.txt')],
    ['parent', outside],
    ['chain', 'parent'],
    ['loop', 'loop'],
    ['root', '/'],
    ['proc-root', '/proc/self/root'],
    ['proc-cwd', '/proc/self/cwd'],
    ['environment', `/proc/${process.ppid}/environ`],
    ['stdin', '/dev/stdin'],
    ['terminal', '/dev/tty'],
    ['descriptor', '/proc/self/fd/0'],
    ['dangling', join(outside, 'created.txt')],
    ['dangling-folder', join(outside, 'created')],
    ['hidden-key', '.env'],
    ['hooks', '.git/hooks'],
    ['inner', 'src'],
  ];
  for (const [name, target] of links) await symlink(target, join(workspace, name));
  await link(join(outside, 'secret.txt'), join(workspace, 'hard'));
  await writeFile(join(room.folder, 'database'), CANARY);
  execFileSync('mkfifo', [join(workspace, 'fifo')]);
  socket = createServer().listen(join(workspace, 'socket'));
  await writeFile(join(workspace, 'sparse'), `beginning\n${'x'.repeat(10_000)}\n`);
  await truncate(join(workspace, 'sparse'), 2 ** 40);
});

afterAll(async () => {
  socket.close();
  await room.close();
});

/** Every tool that takes a path, asked to use this one. */
function attempts(path: string): [string, JsonObject][] {
  return [
    ['read', { path }],
    ['write', { path, content: CANARY }],
    ['edit', { path, old: CANARY, new: 'changed' }],
    ['list', { path }],
    ['glob', { pattern: '**', path }],
    ['grep', { pattern: 'CANARY', path }],
  ];
}

const escapes = [
  '../ws-evil/secret.txt',
  '../../etc/passwd',
  'src/../../ws-evil/secret.txt',
  './/..//ws-evil//secret.txt',
  'src/./../../ws-evil/./secret.txt',
  '<outside>/secret.txt',
  '<outside>//secret.txt',
  '<workspace>-evil/secret.txt',
  '<workspace>/../ws-evil/secret.txt',
  '/etc/passwd',
  '//etc/passwd',
  '/proc/self/environ',
  '/proc/self/root/etc/passwd',
  '/dev/stdin',
  '~/.ssh/id_rsa',
  '~root/x',
  'a\0b',
  'leaf',
  'parent/secret.txt',
  'parent/sub/x.txt',
  'parent/new.txt',
  'parent/new/deep.txt',
  'chain/secret.txt',
  'loop',
  'loop/x',
  'root/etc/passwd',
  'proc-root/etc/passwd',
  'proc-cwd/package.json',
  'environment',
  'stdin',
  'terminal',
  'descriptor',
  'dangling',
  'dangling-folder/x',
  'inner/../../ws-evil/secret.txt',
  'x'.repeat(5000),
  `${'a/'.repeat(2500)}x`,
];

const secrets = [
  '.env',
  '.env.local',
  '.ENV',
  './src/../.env',
  'hidden-key',
  'inner/../.env',
  'id_ed25519',
  'server.key',
  'store.p12',
  '.ssh/config',
  '.SSH/config',
  '.bash_history',
  '.node_repl_history',
  'rclone.conf',
  '.git/config',
  '.GIT/config',
  'src/.git/modules/x/config',
  'own',
  'own/anything',
  'OWN/anything',
  'own-wal',
];

const guarded = [
  '.git/config',
  '.git/hooks/pre-commit',
  '.git/new',
  '.GIT/config',
  '.git./config',
  '.git /config',
  '.git::$INDEX_ALLOCATION/config',
  'GIT~1/config',
  '.g\u200cit/config',
  '.ｇit/config',
  'src/.git/hooks/post-checkout',
  'hooks/pre-commit',
  '.synapse/config.toml',
  '.synapse',
  '.mcp.json',
  '.MCP.json',
  'src/.mcp.json',
  '.vscode/tasks.json',
  '.idea/workspace.xml',
  '.devcontainer/devcontainer.json',
  '.envrc',
  '.bashrc',
  'src/.zshrc',
  '.profile',
  '.gitmodules',
  '.gitconfig',
  '.npmrc',
  '.ssh/authorized_keys',
  'authorized_keys',
  '.husky/pre-commit',
  '.githooks/post-merge',
  'lefthook.yml',
  '.pre-commit-config.yaml',
  'mise.toml',
  'AGENTS.md',
  'src/CLAUDE.md',
  '.cursorrules',
  '.github/copilot-instructions.md',
  'crontab',
  'etc/ld.so.preload',
  '.synapseignore',
  'control\u0007name',
  'new\nname',
];

const fill = (path: string): string =>
  path.replace('<outside>', room.outside).replace('<workspace>', room.workspace);

async function outsideIsUntouched(): Promise<void> {
  expect(await readFile(join(room.outside, 'secret.txt'), 'utf8')).toBe(CANARY);
  for (const name of ['new.txt', 'new', 'created.txt', 'created']) {
    expect(existsSync(join(room.outside, name))).toBe(false);
  }
}

describe('file tools', () => {
  it.each(escapes)('do not get out through %j', async (path) => {
    for (const [name, input] of attempts(fill(path))) {
      const { output, isError } = await room.call(name, input);
      expect({ name, output: output.includes(CANARY), isError }).toEqual({
        name,
        output: false,
        isError: true,
      });
    }
    await outsideIsUntouched();
  });

  it.each(secrets)('neither read nor write the secret %j', async (path) => {
    for (const [name, input] of attempts(path).slice(0, 3)) {
      const { output, isError } = await room.call(name, input);
      expect({ name, isError, leaks: output.includes(CANARY) }).toEqual({
        name,
        isError: true,
        leaks: false,
      });
    }
    const { output } = await room.call('grep', { pattern: 'CANARY', path: '.' });
    expect(output.split('\n').filter((line) => !line.startsWith('hard:'))).toEqual([]);
  });

  it.each(guarded)('do not write %j, whether it exists or not', async (path) => {
    for (const [name, input] of attempts(path).slice(1, 3)) {
      const { isError } = await room.call(name, input);
      expect({ name, isError }).toEqual({ name, isError: true });
    }
    expect(existsSync(join(room.workspace, '.synapse'))).toBe(false);
    expect(await readFile(join(room.workspace, '.git', 'config'), 'utf8')).toBe('[core]');
  });

  it.each([
    ['fifo', '"fifo" is a FIFO, not a file.'],
    ['socket', '"socket" is a socket, not a file.'],
    ['src', '"src" is a folder, not a file. Use "list" for folders.'],
  ])('refuse %s without waiting', async (path, message) => {
    expect((await room.call('read', { path })).output).toBe(message);
    expect((await room.call('write', { path, content: '' })).isError).toBe(true);
    expect((await room.call('edit', { path, old: 'a', new: 'b' })).isError).toBe(true);
    expect((await room.call('grep', { pattern: 'x' })).isError).toBe(false);
  });

  it('read the beginning of a huge file and refuse to edit it', async () => {
    const { output } = await room.call('read', { path: 'sparse', limit: 1 });
    expect(output).toBe('beginning\n[More lines follow. Continue with offset 2.]');
    expect((await room.call('edit', { path: 'sparse', old: 'beginning', new: 'x' })).isError).toBe(
      true,
    );
  });

  it('read a file to a bounded length that grows while it is read', async () => {
    const path = join(room.workspace, 'growing');
    await writeFile(path, 'beginning\n');
    const writer = spawn('sh', ['-c', 'while :; do echo growing >> growing; done'], {
      cwd: room.workspace,
    });
    try {
      const { output, isError } = await room.call('read', { path: 'growing' });
      expect({ isError, head: output.slice(0, 9) }).toEqual({ isError: false, head: 'beginning' });
      expect((await room.call('grep', { pattern: 'beginning', path: 'growing' })).output).toBe(
        'growing:1: beginning',
      );
    } finally {
      writer.kill('SIGKILL');
      await once(writer, 'exit');
      await rm(path);
    }
  });

  it.each([
    ['src/a.txt', 'plain'],
    ['./src//a.txt', 'plain'],
    ['<workspace>/src/a.txt', 'plain'],
    ['inner/a.txt', 'plain'],
    ['-rf', 'plain'],
    ['new\nline', 'plain'],
    ['src/../src/a.txt', 'plain'],
  ])('read what is legitimate: %j', async (path, text) => {
    expect(await room.call('read', { path: fill(path) })).toMatchObject({
      output: text,
      isError: false,
    });
  });

  it.each([
    'dir/..name/x',
    '%2e%2e/secret.txt',
    '%252e%252e%252fx',
    '..%c0%af',
    'C:\\x',
    '\\\\server\\share',
    '..\\..\\ws-evil\\secret.txt',
    '$HOME/x',
    'cafe\u0301',
    'café',
    '.env.example',
    '.gitignore',
    '.github/workflows/ci.yml',
    'src/git.ts',
    'key.ts',
    '...',
  ])('take %j for a plain name', async (path) => {
    expect((await room.call('write', { path, content: 'mine' })).isError).toBe(false);
    expect((await room.call('read', { path })).output).toBe('mine');
    await outsideIsUntouched();
  });

  it('break a hard link instead of writing through it', async () => {
    expect((await room.call('write', { path: 'hard', content: 'mine' })).isError).toBe(false);
    await outsideIsUntouched();
  });

  it('know a protected file by any of its names', async () => {
    const database = join(room.folder, 'database');
    await link(database, join(room.workspace, 'notes.txt'));
    const guarding = await openToolRoom({
      workingDirectory: room.workspace,
      protectedPaths: [database],
    });
    const { output, isError } = await guarding.call('read', { path: 'notes.txt' });
    expect({ output, isError }).toEqual({
      output: '"notes.txt" is another name of a secret file.',
      isError: true,
    });
    await guarding.close();
  });

  it('do not follow links when they look through folders', async () => {
    const { output } = await room.call('glob', { pattern: '**' });
    expect(output).not.toMatch(/^(parent|chain|root|inner|loop)\//m);
    expect(output).not.toContain('passwd');
  });
});
