import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigError } from '@synapse/core';
import fc from 'fast-check';
import { readMcpConfig } from './read-mcp-config.ts';

describe('readMcpConfig', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'synapse-mcp-config-'));
    file = join(folder, 'mcp_servers.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const read = async (content: unknown, environment: NodeJS.ProcessEnv = {}) => {
    const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
    await writeFile(file, text, { mode: 0o600 });
    return readMcpConfig({ file, environment });
  };
  const readServer = (entry: unknown, environment?: NodeJS.ProcessEnv) =>
    read({ mcpServers: { git: entry } }, environment);

  it('finds no servers where there is no file, or an empty one', async () => {
    const none = { servers: [], problems: [], notes: [] };
    expect(await readMcpConfig({ file, environment: {} })).toEqual(none);
    expect(await readMcpConfig({ file: join(file, 'x'), environment: {} })).toEqual(none);
    for (const text of ['', ' \n', '{}', '{"mcpServers": {}}']) {
      expect(await read(text)).toEqual(none);
    }
  });

  it('reads a server that is a command', async () => {
    const { servers, problems, notes } = await readServer(
      {
        command: '~/bin/server',
        args: ['--root', '${ROOT}', '${DEPTH:-3}', '$PLAIN', '${'],
        env: { TOKEN: 'x${TOKEN}y' },
        cwd: 'work',
        timeout: 1500,
        disabled: true,
        includeTools: ['a'],
        excludeTools: ['b'],
      },
      { HOME: '/home/me', ROOT: '/data', TOKEN: '1' },
    );
    expect({ problems, notes }).toEqual({ problems: [], notes: [] });
    expect(servers).toEqual([
      {
        name: 'git',
        transport: {
          type: 'stdio',
          command: '/home/me/bin/server',
          args: ['--root', '/data', '3', '$PLAIN', '${'],
          environment: { TOKEN: 'x1y' },
          workingDirectory: join(folder, 'work'),
        },
        isDisabled: true,
        callTimeoutMs: 1500,
        includeTools: ['a'],
        excludeTools: ['b'],
        trustsReadOnlyHints: false,
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });

  it.each([
    [undefined, 'auto'],
    ['http', 'http'],
    ['streamable-http', 'http'],
    ['streamableHttp', 'http'],
    ['sse', 'sse'],
  ])('reads a server that is an address of type %s', async (type, expected) => {
    const { servers } = await readServer(
      { type, url: 'https://${HOST}/mcp', headers: { Authorization: 'Bearer ${KEY}' } },
      { HOST: 'example.com', KEY: 'k' },
    );
    expect(servers[0]?.transport).toEqual({
      type: expected,
      url: 'https://example.com/mcp',
      headers: { Authorization: 'Bearer k' },
    });
  });

  it('takes a timeout under a second for seconds, as some programs write it', async () => {
    expect((await readServer({ command: 'x', timeout: 60 })).servers[0]?.callTimeoutMs).toBe(
      60_000,
    );
  });

  it.each([
    ['command', { command: 7 }, 'is not a string'],
    ['command', { command: ' ' }, 'is empty'],
    ['command', { command: 'a\0b' }, 'holds a NUL character'],
    ['args', { command: 'x', args: 'y' }, 'is not a list of strings'],
    ['args', { command: 'x', args: [1] }, 'is not a string'],
    ['env', { command: 'x', env: [] }, 'is not a table of strings'],
    ['env.A', { command: 'x', env: { A: 1 } }, 'is not a string'],
    ['env.A', { command: 'x', env: { A: '${NONE}' } }, 'names the variable NONE, which is not set'],
    ['cwd', { command: 'x', cwd: false }, 'is not a string'],
    ['type', { command: 'x', type: 'ws' }, 'is not stdio, http or sse'],
    ['type', { command: 'x', type: 'sse' }, 'cannot be used with "command"'],
    ['type', { url: 'http://x', type: 'stdio' }, 'cannot be used with "url"'],
    ['url', { url: 'example.com' }, 'is not an address that begins with http:// or https://'],
    ['url', { url: 'file:///etc/passwd' }, 'is not an address'],
    ['headers.a b', { url: 'http://x', headers: { 'a b': 'c' } }, 'is not the name of a header'],
    ['headers.a', { url: 'http://x', headers: { a: 'b\r\nc: d' } }, 'has characters'],
    ['disabled', { command: 'x', disabled: 'no' }, 'is neither true nor false'],
    ['timeout', { command: 'x', timeout: '60' }, 'is not a number of milliseconds'],
    ['timeout', { command: 'x', timeout: -1 }, 'is not a number of milliseconds'],
    ['timeout', { command: 'x', timeout: 1e9 }, 'is not a number of milliseconds'],
    ['includeTools', { command: 'x', includeTools: {} }, 'is not a list of strings'],
    ['trustReadOnlyHints', { command: 'x', trustReadOnlyHints: 1 }, 'is neither true nor false'],
  ])('names file, line, server and key: %s of %j', async (key, entry, message) => {
    const { servers, problems } = await readServer(entry);
    expect(servers).toEqual([]);
    expect(problems).toHaveLength(1);
    const line = Object.keys(entry).indexOf(key.split('.')[0] ?? '') + 4;
    const isOneLine = Object.values(entry).every((value) => typeof value !== 'object');
    const place = isOneLine ? `${file}:${line}: ` : `${file}:`;
    expect(problems[0]?.message).toContain(place);
    expect(problems[0]?.message).toContain(`server "git": "${key}" ${message}`);
  });

  it.each([
    [{}, 'has neither "command" nor "url"'],
    [{ command: 'x', url: 'http://y' }, 'has both "command" and "url"'],
    [[], 'is not a table'],
    ['x', 'is not a table'],
    [null, 'is not a table'],
  ])('says what is wrong with an entry as a whole: %j', async (entry, message) => {
    const { problems } = await readServer(entry);
    expect(problems.map(String)).toEqual([
      `ConfigError: ${file}:3: server "git"${message.startsWith('has') || message.startsWith('is') ? ' ' : ''}${message}.`,
    ]);
  });

  it('uses the good servers beside a bad one', async () => {
    const { servers, problems } = await read({
      mcpServers: { bad: {}, good: { command: 'x' }, '': { command: 'x' }, 'a\u001b': {} },
    });
    expect(servers.map(({ name }) => name)).toEqual(['good']);
    expect(problems).toHaveLength(3);
  });

  it.each([
    ['[1]', 'is not a JSON object'],
    ['{"mcpServers": []}', '"mcpServers" is not a table'],
    ['{\n"mcpServers": {\n', ':3: is not JSON'],
    ['{"mcpServers": {]}', ':1: is not JSON'],
    ['nonsense', ':1: is not JSON'],
  ])('rejects a file that is of no use: %s', async (text, message) => {
    const failure = await read(text).catch((error: unknown) => error as Error);
    expect(failure).toBeInstanceOf(ConfigError);
    expect((failure as Error).message).toContain(file);
    expect((failure as Error).message).toContain(message);
  });

  it('rejects a file that cannot be read', async () => {
    await writeFile(file, Buffer.of(0xff, 0xfe, 0x7b));
    await expect(readMcpConfig({ file, environment: {} })).rejects.toThrow('is not UTF-8 text');
    await expect(readMcpConfig({ file: folder, environment: {} })).rejects.toThrow("can't be read");
  });

  it('passes over what other programs may mean, and notes it', async () => {
    const { servers, notes } = await read(
      '{ // mine\n  "inputs": [],\n  "mcpServers": {\n    "a": {"command": "x", "autoApprove": [],},\n  }\n}\n',
    );
    expect(servers).toHaveLength(1);
    expect(notes).toEqual([
      `${file}:2: "inputs" is unknown.`,
      `${file}:4: server "a": "autoApprove" is unknown.`,
    ]);
  });

  it('notes when others may read what it holds', async () => {
    await writeFile(file, JSON.stringify({ mcpServers: { a: { command: 'x', env: { K: 'v' } } } }));
    await chmod(file, 0o644);
    const { notes } = await readMcpConfig({ file, environment: {} });
    expect(notes).toEqual([expect.stringContaining('chmod 600')]);
  });

  it('shows no value in a message', async () => {
    const { problems } = await readServer(
      { url: '${ADDRESS}', headers: { a: 'canary' } },
      { ADDRESS: 'canary' },
    );
    expect(problems).toHaveLength(1);
    expect(problems.map(String).join()).not.toContain('canary');
  });

  it('only notes what is wrong with a server that is disabled', async () => {
    const { problems, notes } = await readServer({ command: '${NONE}', disabled: true });
    expect(problems).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('NONE, which is not set')]);
  });

  it('changes the fingerprint with the entry, and with nothing else', async () => {
    const fingerprint = async (entry: object, environment?: NodeJS.ProcessEnv) =>
      (await readServer(entry, environment)).servers[0]?.fingerprint;
    const entry = { command: 'x', args: ['${A}'] };
    const one = await fingerprint(entry, { A: '1' });
    expect(await fingerprint(entry, { A: '2' })).toBe(one);
    expect(await fingerprint({ ...entry, disabled: false }, { A: '1' })).not.toBe(one);
  });

  it('ends every JSON in servers, problems or a ConfigError', async () => {
    const entry = fc.dictionary(
      fc.constantFrom('command', 'url', 'args', 'env', 'type', 'timeout', '__proto__', 'x'),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const document = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.record({ mcpServers: fc.dictionary(fc.string(), entry) }),
    );
    await fc.assert(
      fc.asyncProperty(document, async (content) => {
        await writeFile(file, JSON.stringify(content));
        const result = await readMcpConfig({ file, environment: {} }).catch((error: unknown) => {
          expect(error).toBeInstanceOf(ConfigError);
        });
        for (const problem of result?.problems ?? []) expect(problem).toBeInstanceOf(ConfigError);
      }),
      { numRuns: 200 },
    );
  });
});
