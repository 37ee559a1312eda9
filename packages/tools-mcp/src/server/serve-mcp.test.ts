import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  newId,
  newMessage,
  parseSearchQuery,
  type JsonObject,
  type SessionSearch,
  type Store,
} from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { createRecordingLogger } from '@synapse/test/support/recording-logger';
import fc from 'fast-check';
import { serveMcp } from './serve-mcp.ts';

const at = new Date('2026-01-02T03:04:05Z');
const key = 'sk-ant-CANARY0123456789abcdef';
const sessionId = newId();
const trashedId = newId();

/** One session with 250 messages, the last of them long and with a key, and one in the trash. */
async function createFilledStore(): Promise<Store> {
  const store = createMemoryStore();
  const { sessions } = store;
  await sessions.create({ id: sessionId, createdAt: at, handle: 'work', title: `About ${key}` });
  await sessions.create({ id: trashedId, createdAt: at, handle: 'gone' });
  await sessions.trash(trashedId, at);
  const texts = Array.from({ length: 249 }, (_, index) => `needle no. ${index}`);
  const messages = [...texts, `${key} ${'x'.repeat(50_000)}`].map((text) =>
    newMessage({ id: newId(), role: 'user', parts: [{ type: 'text', text }], createdAt: at }),
  );
  await sessions.append(sessionId, messages, null);
  return store;
}

interface Response {
  id: number;
  result?: JsonObject;
  error?: JsonObject;
}

interface Answer {
  messages: { seq: number }[];
  nextBefore: number | null;
  error?: string;
}

describe('serveMcp', () => {
  let input: PassThrough;
  let output: PassThrough;
  let store: Store;
  let search: SessionSearch;
  let served: Promise<void>;
  let controller: AbortController;
  let nextId: number;
  const logger = createRecordingLogger();

  beforeEach(async () => {
    input = new PassThrough();
    output = new PassThrough();
    controller = new AbortController();
    nextId = 1;
    store = await createFilledStore();
    const { sessions, search: realSearch } = store;
    search = { search: (query, page) => realSearch.search(query, page) };
    const parseQuery = (text: string) => parseSearchQuery(text, at);
    served = serveMcp(
      {
        ...{ sessions, search, parseQuery, here: '/work' },
        ...{ input, output, logger, version: '1.2.3' },
      },
      controller.signal,
    );
    const greeting = await request('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    });
    expect(greeting.result).toMatchObject({ serverInfo: { name: 'synapse', version: '1.2.3' } });
    input.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  });
  afterEach(async () => {
    controller.abort();
    await served;
  });

  const receive = async (): Promise<Response> => {
    for (;;) {
      const chunk = output.read() as Buffer | null;
      if (chunk) return JSON.parse(chunk.toString()) as Response;
      await new Promise((resolve) => output.once('readable', resolve));
    }
  };
  const request = async (method: string, params: unknown) => {
    const id = nextId++;
    input.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    const response = await receive();
    expect(response.id).toBe(id);
    return response;
  };
  const call = async (name: string, input: unknown) => {
    const { result } = await request('tools/call', { name, arguments: input });
    const { content, isError } = result as { content: { text: string }[]; isError: boolean };
    const { text } = content[0]!;
    return { isError, length: text.length, value: JSON.parse(text) as Answer };
  };

  it('offers three tools, all of which only read', async () => {
    const { result } = await request('tools/list', {});
    expect(result).toMatchObject({
      tools: ['search_sessions', 'list_sessions', 'read_session'].map((name) => ({
        name,
        annotations: { readOnlyHint: true },
      })),
    });
  });

  it('answers a line that is too long with an error, and goes on', async () => {
    const part = Buffer.alloc(1024 * 1024, 'x');
    for (let count = 0; count < 64; count++) input.write(part);
    input.write('\n');
    expect(await receive()).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32_600, message: 'A request has more than 8388608 bytes.' },
    });
    expect((await request('tools/list', {})).result).toHaveProperty('tools.length', 3);
  });

  it('searches', async () => {
    const { value } = await call('search_sessions', { query: ' "needle no" 117 -role ' });
    expect(value).toEqual({
      hits: [
        {
          sessionId,
          sessionTitle: 'About [redacted]',
          sessionHandle: 'work',
          seq: expect.any(Number),
          role: 'user',
          createdAt: '2026-01-02T03:04:05.000Z',
          snippet: 'needle no. 117',
        },
      ],
      nextCursor: null,
    });
  });

  it('says what is wrong with a query', async () => {
    const { isError, value } = await call('search_sessions', { query: 'role:king' });
    expect(isError).toBe(true);
    expect(value.error).toContain('king');
  });

  it('lists', async () => {
    const { value } = await call('list_sessions', { text: 'wo', limit: 5 });
    expect(value).toMatchObject({
      sessions: [{ id: sessionId, handle: 'work', title: 'About [redacted]', messageCount: 250 }],
      nextCursor: null,
    });
  });

  it('reads page by page, back from the end', async () => {
    let before: number | null | undefined;
    const seen: number[] = [];
    do {
      const { value } = await call('read_session', { session: 'work', limit: 100, before });
      seen.unshift(...value.messages.map(({ seq }) => seq));
      before = value.nextBefore;
    } while (before);
    expect(seen).toHaveLength(250);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  });

  it('shows no key and no endless message', async () => {
    const { value, length } = await call('read_session', { session: sessionId });
    expect(JSON.stringify(value)).not.toContain('CANARY');
    expect(length).toBeLessThan(20_000);
  });

  it('shows no key in what it finds, not even a part of one', async () => {
    const parts = [{ type: 'text' as const, text: `${key} ${'so '.repeat(16)}findable` }];
    const found = newMessage({ id: newId(), role: 'user', parts, createdAt: at });
    await store.sessions.append(sessionId, [found], null);
    const { value } = await call('search_sessions', { query: 'findable' });
    expect(value).toMatchObject({ hits: [{ snippet: expect.stringContaining('so findable') }] });
    expect(JSON.stringify(value)).not.toContain('abcdef');
  });

  it('shows no key in the name of a resource', async () => {
    await store.sessions.update(sessionId, { handle: null });
    expect(JSON.stringify(await request('resources/list', {}))).not.toContain('CANARY');
  });

  it('knows nothing of sessions in the trash, nor of unknown ones', async () => {
    for (const reference of [trashedId, 'gone', newId(), 'nothing']) {
      const { isError, value } = await call('read_session', { session: reference });
      expect(isError).toBe(true);
      expect(value.error).toBe(`No session matches "${reference}".`);
    }
  });

  it('offers sessions as resources', async () => {
    const uri = `synapse://session/${sessionId}`;
    const { result } = await request('resources/list', {});
    expect(result).toMatchObject({ resources: [{ uri, name: 'work' }] });
    const read = await request('resources/read', { uri });
    expect(read.result).toMatchObject({ contents: [{ uri, mimeType: 'application/json' }] });
    for (const other of ['file:///etc/passwd', 'synapse://session/', 'synapse://session/../x']) {
      expect((await request('resources/read', { uri: other })).error).toBeDefined();
    }
  });

  it('answers any arguments with a result or an error, and goes on', async () => {
    const name = fc.constantFrom('search_sessions', 'list_sessions', 'read_session', '__proto__');
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom('../x', '\0', "' OR 1=1 --", 'x'.repeat(2000), -1, 1e99, 1.5, 101),
    );
    const keys = fc.constantFrom(
      'query',
      'limit',
      'cursor',
      'session',
      'before',
      'text',
      '__proto__',
    );
    await fc.assert(
      fc.asyncProperty(name, fc.dictionary(keys, value), async (tool, input) => {
        const { result, error } = await request('tools/call', { name: tool, arguments: input });
        expect(result ?? error).toBeDefined();
        expect(JSON.stringify(result ?? error).length).toBeLessThan(150_000);
      }),
      { numRuns: 200 },
    );
    expect(logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('survives lines that are no requests', async () => {
    input.write('nonsense\n{}\n[]\n{"jsonrpc":"2.0","id":1}\n\0\n');
    expect((await request('ping', {})).result).toEqual({});
    expect((await request('tools/burn', {})).error).toMatchObject({ code: -32_601 });
  });

  it('tells a client nothing of what went wrong inside', async () => {
    search.search = () => Promise.reject(new Error(`at /home/me: ${key}`));
    const { isError, value } = await call('search_sessions', { query: 'x' });
    expect(isError).toBe(true);
    expect(value).toEqual({ error: 'Synapse failed to answer; see its log.' });
    logger.lines.length = 0;
  });

  it('ends when the client leaves', async () => {
    input.end();
    await served;
  });
});
