import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { thisProcess } from '@synapse/core/conversation';
import { scriptedServer } from '@synapse/test/support/mcp-testbed';
import { SynapseHome, type RunOptions } from '@synapse/test/support/run-synapse';

const numbers = Array.from({ length: 12 }, (_, index) => index);

describe('twelve processes that change one file at once', () => {
  let home: SynapseHome;
  let folder: string;
  beforeEach(() => {
    home = new SynapseHome();
    folder = join(home.folder, '.config/synapse');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  });
  afterEach(() => home.remove());

  const runAll = async (
    toArgs: (index: number) => string[],
    toOptions?: (index: number) => RunOptions,
  ) => {
    const outcomes = await Promise.all(
      numbers.map((index) => home.run(toArgs(index), toOptions?.(index))),
    );
    expect(outcomes.map(({ exitCode, stderr }) => (exitCode === 0 ? 0 : stderr))).toEqual(
      numbers.map(() => 0),
    );
  };
  const inFolder = (name: string) => readFileSync(join(folder, name), 'utf8');

  it('keep all settings', async () => {
    await runAll((index) => ['config', 'set', `aliases.a${index}`, `demo/${index}`]);
    for (const index of numbers) expect(inFolder('config.toml')).toContain(`"demo/${index}"`);
  });

  it('keep all keys', async () => {
    const tables = numbers.map(
      (index) => `[providers.p${index}]\nbase_url = "http://localhost:1/v1"\n`,
    );
    writeFileSync(join(folder, 'config.toml'), tables.join('\n'), { mode: 0o600 });
    await runAll(
      (index) => ['keys', 'set', `p${index}`, '--file'],
      (index) => ({ stdin: `made-up-key-${index}` }),
    );
    const { keys } = JSON.parse(inFolder('keys.json')) as { keys: object };
    expect(Object.keys(keys).sort()).toEqual(numbers.map((index) => `p${index}`).sort());
  });

  it('keep all MCP servers', async () => {
    await runAll((index) => ['mcp', 'add', `s${index}`, '--', 'some-server']);
    const { mcpServers } = JSON.parse(inFolder('mcp_servers.json')) as { mcpServers: object };
    expect(Object.keys(mcpServers).sort()).toEqual(numbers.map((index) => `s${index}`).sort());
  });

  it('keep the approvals of all MCP tools', async () => {
    const configOf = (index: number) => join(home.folder, `config-${index}`);
    for (const index of numbers) {
      const server = { command: process.execPath, args: [scriptedServer] };
      mkdirSync(join(configOf(index), 'synapse'), { recursive: true, mode: 0o700 });
      const text = JSON.stringify({ mcpServers: { [`s${index}`]: server } });
      writeFileSync(join(configOf(index), 'synapse/mcp_servers.json'), text, { mode: 0o600 });
    }
    await runAll(
      (index) => ['mcp', 'tools', `s${index}`],
      (index) => ({ environment: { XDG_CONFIG_HOME: configOf(index) } }),
    );
    const pinFile = join(home.folder, '.local/state/synapse/mcp-tools.json');
    const { servers } = JSON.parse(readFileSync(pinFile, 'utf8')) as { servers: object };
    expect(Object.keys(servers).sort()).toEqual(numbers.map((index) => `s${index}`).sort());
  });

  it('are not held up by one that was killed within a change', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const lock = JSON.stringify({ ...thisProcess(), pid });
    writeFileSync(join(folder, 'config.toml.lock'), lock, { mode: 0o600 });
    await runAll((index) => ['config', 'set', `aliases.a${index}`, `demo/${index}`]);
    for (const index of numbers) expect(inFolder('config.toml')).toContain(`"demo/${index}"`);
  });
});
