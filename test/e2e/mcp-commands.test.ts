import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { scripted, scriptedServer } from '@synapse/test/support/mcp-testbed';
import { readOutput } from '@synapse/test/support/output-schema';
import { SynapseHome } from '@synapse/test/support/run-synapse';

describe('synapse mcp', () => {
  let home: SynapseHome;
  beforeEach(() => {
    home = new SynapseHome();
  });
  afterEach(() => home.remove());

  const run = (...args: string[]) =>
    home.run(['mcp', ...args], { environment: { XDG_CACHE_HOME: join(home.folder, 'cache') } });
  const add = (name: string, ...more: string[]) =>
    run('add', name, ...more, '--', process.execPath, scriptedServer);
  const json = async (...args: string[]) => {
    const { stdout } = await run(...args, '--json');
    return readOutput(`mcp-${args[0] ?? ''}`, stdout);
  };
  const file = () => join(home.folder, '.config/synapse/mcp_servers.json');

  it('adds a server, lists it without its secrets, tries it, and removes it', async () => {
    expect(await add('scripted', '--env', 'TOKEN=canary')).toMatchObject({ exitCode: 0 });
    expect(await readFile(file(), 'utf8')).toContain('canary');
    const listed = await json('list');
    expect(listed.items).toMatchObject([{ name: 'scripted', transport: 'stdio' }]);
    expect(JSON.stringify(listed)).not.toContain('canary');
    expect((await json('test')).items).toMatchObject([{ name: 'scripted', state: 'ready' }]);
    const { items } = await json('tools', 'scripted');
    expect(items).toContainEqual(
      expect.objectContaining({ name: 'mcp__scripted__echo', changed: false }),
    );
    const refused = await run('remove', 'scripted');
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('synapse mcp remove --yes scripted');
    expect(await json('remove', 'scripted', '--yes')).toMatchObject({ name: 'scripted' });
    expect((await json('list')).items).toEqual([]);
  });

  it('keeps a server that is there unless it is to be replaced', async () => {
    await add('one');
    expect((await add('one')).exitCode).toBe(78);
    expect((await add('one', '--replace')).exitCode).toBe(0);
  });

  it('starts all servers at once', async () => {
    const meeting = (own: string, other: string) =>
      `touch ${own}; until [ -e ${other} ]; do sleep 0.05; done; exec '${process.execPath}' '${scriptedServer}'`;
    await run('add', 'one', '--', 'sh', '-c', meeting('first', 'second'));
    await run('add', 'the other', '--', 'sh', '-c', meeting('second', 'first'));
    const { stdout, exitCode } = await run('test');
    expect(stdout).toMatch(/^one: ready .*\nthe other: ready /);
    expect(exitCode).toBe(0);
  });

  it('reports why a server does not answer, and ends with 69', async () => {
    await run('add', 'broken', 'false');
    const { exitCode, stderr } = await run('test');
    expect(exitCode).toBe(69);
    expect(stderr).toContain('"broken"');
    const failed = JSON.parse((await run('test', '--json')).stdout) as object;
    expect(failed).toMatchObject({ type: 'error', code: 'SYNAPSE_MCP', exitCode: 69 });
  });

  it('refuses names and values that cannot be', async () => {
    expect((await run('test', 'nobody')).exitCode).toBe(2);
    const { exitCode, stderr } = await run('add', 'x', 'y', '--env', 'sk-canary');
    expect(exitCode).toBe(2);
    expect(stderr).not.toContain('sk-canary');
  });

  it('offers the tools of servers to the model', async () => {
    await add('scripted');
    const args = ['-p', 'demo', '--yolo', 'use the tool mcp__scripted__echo {"text":"hi"}'];
    expect((await home.run(args)).stdout).toContain('echo: hi');
  });

  it('continues without a broken server', async () => {
    writeFileSync(join(home.folder, 'mcp.json'), '{"mcpServers": {"bad": {"command": 7}}}');
    const environment = { SYNAPSE_MCP_CONFIG: join(home.folder, 'mcp.json') };
    const { stdout, stderr, exitCode } = await home.run(['-p', 'demo', 'Hello'], { environment });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('> Hello');
    expect(stderr).toContain('server "bad"');
  });

  it('names a server that did not start after the answer, except with --quiet', async () => {
    const servers = { gone: { command: 'no-such-program' } };
    writeFileSync(join(home.folder, 'mcp.json'), JSON.stringify({ mcpServers: servers }));
    const environment = { SYNAPSE_MCP_CONFIG: join(home.folder, 'mcp.json') };
    const said = 'synapse: The MCP server "gone" is left out (cannot be started';
    const { stdout, stderr, exitCode } = await home.run(['-p', 'demo', 'Hi'], { environment });
    expect({ stdout, exitCode }).toMatchObject({ exitCode: 0 });
    expect(stdout).toContain('> Hi');
    expect(stderr.split(said)).toHaveLength(2);
    expect((await home.run(['-p', 'demo', '-q', 'Hi'], { environment })).stderr).toBe('');
  });

  it('says once in a conversation which server is left out and why', async () => {
    const servers = { gone: { command: 'no-such-program' }, mute: scripted('silent-list') };
    writeFileSync(join(home.folder, 'mcp.json'), JSON.stringify({ mcpServers: servers }));
    const environment = { SYNAPSE_MCP_CONFIG: join(home.folder, 'mcp.json') };
    const stdin = 'Hello\nAgain\n';
    const { stderr, exitCode } = await home.run(['chat', '-p', 'demo'], { environment, stdin });
    expect(exitCode).toBe(0);
    expect(stderr.split('The MCP server "gone" is left out (cannot be started')).toHaveLength(2);
    expect(
      stderr.split('The MCP server "mute" is left out (has not listed its tools within 5 seconds)'),
    ).toHaveLength(2);
  });

  it('names the tools of a server that are too large to be offered', async () => {
    const servers = { large: scripted('broken') };
    writeFileSync(join(home.folder, 'mcp.json'), JSON.stringify({ mcpServers: servers }));
    const environment = { SYNAPSE_MCP_CONFIG: join(home.folder, 'mcp.json') };
    const { stderr } = await home.run(['-p', 'demo', 'Hi'], { environment });
    expect(stderr).toMatch(
      /The MCP server "large": .* was left out.* more problems: synapse mcp test large/,
    );
  });

  it('serves the sessions to a client until it leaves', async () => {
    await home.run(['-p', 'demo', 'about llamas']);
    const initialize = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    };
    const lines = [
      { id: 1, method: 'initialize', params: initialize },
      { method: 'notifications/initialized' },
      { id: 2, method: 'tools/list' },
    ].map((message) => JSON.stringify({ jsonrpc: '2.0', ...message }));
    const { stdout, exitCode } = await home.run(['mcp', 'serve'], {
      stdin: `${lines.join('\n')}\n`,
    });
    expect(exitCode).toBe(0);
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; result: object });
    expect(answers.map(({ id }) => id)).toEqual([1, 2]);
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(answers[0]?.result).toMatchObject({ serverInfo: { name: 'synapse', version } });
  });
});
