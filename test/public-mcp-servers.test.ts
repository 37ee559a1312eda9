import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { callOne, openTestbed, type Testbed } from './support/mcp-testbed.ts';

const never = new AbortController().signal;

/** The servers that the makers of the protocol publish; everything runs on this machine. */
function published(name: string, ...args: string[]) {
  const manifest = createRequire(import.meta.url).resolve(
    `@modelcontextprotocol/${name}/package.json`,
  );
  return {
    command: process.execPath,
    args: [join(dirname(manifest), 'dist', 'index.js'), ...args],
  };
}

describe('published MCP servers', () => {
  let testbed: Testbed;
  let child: ChildProcess | undefined;
  beforeEach(async () => {
    testbed = await openTestbed();
  });
  afterEach(async () => {
    await testbed.close();
    child?.kill('SIGKILL');
  });

  it('everything: lists and calls over stdio', async () => {
    const source = await testbed.openOne(published('server-everything'));
    const names = (await source.list(never)).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['mcp__one__echo', 'mcp__one__get-sum']));
    expect(source.status()).toMatchObject({ state: 'ready', serverName: 'mcp-servers/everything' });
    expect(await callOne(source, 'echo', { message: 'grüße' })).toEqual({
      output: 'Echo: grüße',
      isError: false,
      attachments: [],
    });
    expect((await callOne(source, 'get-sum', { a: 1, b: 2 })).output).toContain('3');
    expect((await callOne(source, 'get-sum', { a: 'x' })).isError).toBe(true);
    const image = await callOne(source, 'get-tiny-image');
    expect(image.attachments).toMatchObject([{ mediaType: 'image/png' }]);
    const structured = await callOne(source, 'get-structured-content', { location: 'Chicago' });
    expect(JSON.parse(structured.output)).toHaveProperty('temperature');
    const links = await callOne(source, 'get-resource-links', { count: 2 });
    expect(links.output).toContain('[link to resource demo://resource/dynamic/');
  });

  it('everything: shows that it got no keys', async () => {
    const environment = { ...process.env, OPENAI_API_KEY: 'canary' };
    const source = await testbed.openOne(published('server-everything'), { environment });
    const { output } = await callOne(source, 'get-env');
    expect(output).toContain('PATH');
    expect(output).not.toContain('canary');
  });

  it('everything: stops a long operation when the time is over', async () => {
    const source = await testbed.openOne(published('server-everything'), { callTimeoutMs: 5_000 });
    const slow = { duration: 30, steps: 30 };
    const { output, isError } = await callOne(source, 'trigger-long-running-operation', slow);
    expect({ output, isError }).toEqual({
      output: 'The MCP server "one" did not answer in time.',
      isError: true,
    });
    expect((await callOne(source, 'echo', { message: 'x' })).isError).toBe(false);
  });

  it.each(['streamableHttp', 'sse'])('everything: answers over %s', async (transport) => {
    const { command, args } = published('server-everything', transport);
    const port = await findFreePort();
    child = spawn(command, args, {
      env: { PATH: process.env.PATH, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const { stderr } = child;
    await new Promise<void>((resolve) => {
      stderr?.on('data', (text) => {
        if (String(text).includes(String(port))) resolve();
      });
    });
    const path = transport === 'sse' ? 'sse' : 'mcp';
    const source = await testbed.openOne({
      url: `http://127.0.0.1:${port}/${path}`,
      ...(transport === 'sse' && { type: 'sse' }),
    });
    expect((await callOne(source, 'echo', { message: 'x' })).output).toBe('Echo: x');
  });

  it('filesystem: reads and writes in its folder, and nowhere else', async () => {
    const source = await testbed.openOne(published('server-filesystem', testbed.folder));
    const path = join(testbed.folder, 'note.txt');
    await writeFile(path, 'written before');
    expect((await callOne(source, 'read_text_file', { path })).output).toBe('written before');
    await callOne(source, 'write_file', { path, content: 'written by the server' });
    expect(await readFile(path, 'utf8')).toBe('written by the server');
    const outside = await callOne(source, 'read_text_file', { path: '/etc/hostname' });
    expect(outside).toMatchObject({ isError: true, output: expect.stringMatching(/denied/i) });
  });
});

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
