import { lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readMcpConfig } from './read-mcp-config.ts';
import { addMcpServer, removeMcpServer, type McpServerEntry } from './write-mcp-config.ts';

const BEFORE = `{
    // the servers of this machine
    "mcpServers": {
        "git": {"command": "git-mcp", "args": ["-v"]},
        "web": {
            "url": "https://example.com/mcp"
        }
    },
    "inputs": [1, 2]
}
`;

describe('the mcpServers file', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'synapse-mcp-config-'));
    file = join(folder, 'new', 'mcp_servers.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const add = (name: string, entry: McpServerEntry, replace = false) =>
    addMcpServer({ file, name, entry, replace });
  const names = async () =>
    (await readMcpConfig({ file, environment: {} })).servers.map(({ name }) => name);

  it('is made when the first server is added, for its owner alone', async () => {
    await add('git', { command: 'x', args: ['${A:-}'] });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      mcpServers: { git: { command: 'x', args: ['${A:-}'] } },
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'new'))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(folder, 'new'))).toEqual(['mcp_servers.json']);
  });

  it('stays as it was but for the server that comes or goes', async () => {
    file = join(folder, 'mcp.json');
    await writeFile(file, BEFORE, { mode: 0o644 });
    await add('files', { command: 'y', env: { TOKEN: '${TOKEN}' } });
    const text = await readFile(file, 'utf8');
    const added = text.split('\n').filter((line) => !BEFORE.split('\n').includes(line));
    expect(added).toEqual([
      '        },',
      '        "files": {',
      '            "command": "y",',
      '            "env": {',
      '                "TOKEN": "${TOKEN}"',
      '            }',
    ]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    expect(await removeMcpServer(file, 'files')).toBe(true);
    expect(await readFile(file, 'utf8')).toBe(BEFORE);
    expect(await removeMcpServer(file, 'git')).toBe(true);
    expect(await readFile(file, 'utf8')).toContain('// the servers of this machine');
    expect(await names()).toEqual(['web']);
  });

  it('replaces a server only when that is meant', async () => {
    await add('git', { command: 'x' });
    await expect(add('git', { command: 'y' })).rejects.toThrow('already has a server "git"');
    await add('git', { command: 'y' }, true);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      mcpServers: { git: { command: 'y' } },
    });
  });

  it('has nothing to remove where there is no such server or file', async () => {
    expect(await removeMcpServer(file, 'git')).toBe(false);
    await add('web', { command: 'x' });
    expect(await removeMcpServer(file, 'git')).toBe(false);
    expect(await removeMcpServer(file, '__proto__')).toBe(false);
  });

  it('takes no entry that could not be read again', async () => {
    for (const entry of [{}, { command: '' }, { url: 'x' }, { command: 'x', timeout: -1 }]) {
      await expect(add('git', entry)).rejects.toThrow('Server "git"');
    }
    for (const name of ['', ' x', '../x', '__proto__', 'a\nb', 'x'.repeat(65)]) {
      await expect(add(name, { command: 'x' })).rejects.toThrow("can't name an MCP server");
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('is left alone when it is no table of servers', async () => {
    file = join(folder, 'mcp.json');
    for (const text of ['[1]', '{"mcpServers": 1}', '{"mcpServers": {']) {
      await writeFile(file, text);
      await expect(add('git', { command: 'x' })).rejects.toThrow(file);
      expect(await readFile(file, 'utf8')).toBe(text);
    }
  });

  it('can be a link, and stays one', async () => {
    const target = join(folder, 'target.json');
    await writeFile(target, BEFORE);
    file = join(folder, 'link.json');
    await symlink(target, file);
    await removeMcpServer(file, 'web');
    expect((await lstat(file)).isSymbolicLink()).toBe(true);
    expect(await readFile(target, 'utf8')).not.toContain('example.com');
  });

  it('says when it cannot be written', async () => {
    await writeFile(join(folder, 'new'), '');
    await expect(add('git', { command: 'x' })).rejects.toThrow("can't be written (EEXIST)");
  });
});
