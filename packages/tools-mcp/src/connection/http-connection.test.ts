import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toolSourceContract } from '@synapse/test/contracts/tool-source-contract';
import {
  openFakeHttpServer,
  type FakeHttpServer,
  type HttpBehaviour,
} from '@synapse/test/fakes/mcp/http-server';
import { createHastyClock } from '@synapse/test/fakes/hasty-clock';
import {
  callOne,
  openTestbed,
  type Testbed,
  type TestOptions,
} from '@synapse/test/support/mcp-testbed';

const never = new AbortController().signal;
let testbed: Testbed;
let server: FakeHttpServer | undefined;
let elsewhere: FakeHttpServer | undefined;
beforeEach(async () => {
  testbed = await openTestbed();
});
afterEach(async () => {
  await testbed.close();
  await server?.close();
  await elsewhere?.close();
});

async function openHttp(behaviour: HttpBehaviour, entry: object = {}, options?: TestOptions) {
  server = await openFakeHttpServer(behaviour);
  return testbed.openOne({ url: server.url, ...entry }, options);
}

for (const behaviour of ['json', 'stream', 'sse'] as const) {
  toolSourceContract(`MCP over HTTP, ${behaviour}`, {
    open: () => openHttp(behaviour),
    succeeding: { name: 'mcp__one__echo', input: { text: 'hello' }, text: 'echo: hello' },
    failing: { name: 'mcp__one__fail', input: {} },
    hanging: { name: 'mcp__one__hang', input: {} },
  });
}

describe('MCP over HTTP', () => {
  it('sends the headers of the entry with every request', async () => {
    const source = await openHttp('json', { headers: { Authorization: 'Bearer canary' } });
    await callOne(source, 'echo');
    expect(server?.headers.length).toBeGreaterThan(3);
    for (const { authorization } of server!.headers) expect(authorization).toBe('Bearer canary');
  });

  it.each([
    ['json', 'http'],
    ['stream', 'http'],
    ['sse', 'sse'],
  ] as const)(
    'takes nothing of it along to where it is redirected: %s',
    async (behaviour, type) => {
      elsewhere = await openFakeHttpServer(behaviour);
      server = await openFakeHttpServer('redirect', elsewhere.url);
      const headers = { Authorization: 'Bearer canary', 'X-Api-Key': 'canary' };
      const source = await testbed.openOne({ url: server.url, type, headers });
      expect(await source.list(never)).toEqual([]);
      expect(source.status().reason).toMatch(/Redirect to .* not followed/);
      expect(elsewhere.headers).toEqual([]);
    },
  );

  it('says goodbye, so that the server can forget the session', async () => {
    const source = await openHttp('json');
    await source.list(never);
    await source.close();
    expect(server?.asked.at(-1)).toBe('DELETE');
  });

  it('does not look for the older way where the entry names one', async () => {
    const source = await openHttp('sse', { type: 'http' });
    await expect(source.connect(never)).rejects.toThrow('has no MCP endpoint at this address');
    const older = await testbed.openOne({ url: server!.url, type: 'sse' });
    expect((await callOne(older, 'echo', { text: 'x' })).output).toBe('echo: x');
  });

  it.each<[HttpBehaviour, string]>([
    ['unauthorized', 'requires authorization'],
    ['not-found', 'has no MCP endpoint at this address'],
    ['server-error', 'failed: '],
    ['html', 'failed: '],
    ['hang', 'did not answer in time'],
    ['reset', 'closed the connection unexpectedly'],
    ['redirect', 'failed: '],
    ['bad-json', 'failed: '],
  ])('offers nothing and says why: %s', async (behaviour, reason) => {
    const source = await openHttp(
      behaviour,
      { headers: { Authorization: 'Bearer canary' } },
      { startTimeoutMs: behaviour === 'hang' ? 500 : 60_000 },
    );
    expect(await source.list(never)).toEqual([]);
    expect(source.status().state).toBe('failed');
    expect(source.status().reason).toContain(reason);
    expect(source.status().reason).not.toMatch(/\p{Cc}|canary/u);
  });

  it('says when nobody listens', async () => {
    const source = await openHttp('json');
    await server?.close();
    await expect(source.connect(never)).rejects.toThrow('nothing listens at its address');
  });

  it.each(['json', 'stream', 'sse'] as const)(
    'breaks off a reply that is too large, and works again: %s',
    async (behaviour) => {
      const source = await openHttp(behaviour, {}, { clock: createHastyClock() });
      const result = await callOne(source, 'huge');
      expect(result.isError).toBe(true);
      expect(result.output).toContain('more than 16777216 bytes');
      expect((await callOne(source, 'echo', { text: 'x' })).output).toBe('echo: x');
    },
  );

  it.each(['reset', 'forget'])('connects again after "%s"', async (tool) => {
    const source = await openHttp('json', {}, { clock: createHastyClock() });
    await callOne(source, tool);
    const results = [await callOne(source, 'echo', { text: 'x' })];
    if (results[0]?.isError) results.push(await callOne(source, 'echo', { text: 'x' }));
    expect(results.at(-1)?.output).toBe('echo: x');
  });

  it('gives up on a stream that ends without an answer', async () => {
    const source = await openHttp('json', {}, { callTimeoutMs: 5_000 });
    expect((await callOne(source, 'silent-end')).isError).toBe(true);
    expect((await callOne(source, 'echo', { text: 'x' })).output).toBe('echo: x');
  });
});
