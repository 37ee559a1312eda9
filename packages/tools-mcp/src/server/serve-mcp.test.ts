import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  emptySession,
  newId,
  newMessage,
  type JsonObject,
  type Message,
  type SearchHit,
  type SearchQuery,
  type Session,
  type SessionQuery,
  type SessionSearch,
  type SessionStore,
} from '@synapse/core';
import { createRecordingLogger } from '@synapse/test/support/recording-logger';
import fc from 'fast-check';
import { serveMcp } from './serve-mcp.ts';

const at = new Date('2026-01-02T03:04:05Z');
const key = 'sk-ant-CANARY0123456789abcdef';

const session: Session = {
  ...emptySession({ id: newId(), createdAt: at }),
  handle: 'work',
  title: `About ${key}`,
  messageCount: 250,
};
const trashed: Session = { ...emptySession({ id: newId(), createdAt: at }), deletedAt: at };
const messages: Message[] = Array.from({ length: 250 }, (_, index) => ({
  ...newMessage({
    id: newId(),
    role: 'user',
    parts: [
      { type: 'text', text: index === 249 ? `${key} ${'x'.repeat(50_000)}` : `no. ${index}` },
    ],
    createdAt: at,
  }),
  sessionId: session.id,
  seq: index + 1,
  turn: index + 1,
}));

/** Remembers what it was asked for; everything that it does not have would throw. */
function createFakeStore() {
  const asked: SessionQuery[] = [];
  const searched: SearchQuery[] = [];
  const sessions: Pick<SessionStore, 'find' | 'list' | 'messages'> = {
    find: async (reference) =>
      [session, trashed].filter(({ id, handle }) => [id, handle].includes(reference)),
    list: async (query) => {
      asked.push(query);
      return { items: [session], nextCursor: 'next' };
    },
    messages: async (_id, page) => {
      const before = 'before' in page ? (page.before ?? Infinity) : Infinity;
      return messages.filter(({ seq }) => seq < before).slice(-page.limit);
    },
  };
  const hit: SearchHit = {
    sessionId: session.id,
    sessionTitle: session.title,
    sessionHandle: 'work',
    messageId: newId(),
    seq: 7,
    role: 'user',
    createdAt: at,
    snippet: [
      { text: 'the ', isMatch: false },
      { text: 'needle', isMatch: true },
    ],
  };
  const search: SessionSearch = {
    search: async (query) => {
      searched.push(query);
      return { items: [hit], nextCursor: null };
    },
  };
  return { asked, searched, sessions: sessions as SessionStore, search };
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
  let store: ReturnType<typeof createFakeStore>;
  let served: Promise<void>;
  let controller: AbortController;
  let nextId: number;
  const logger = createRecordingLogger();

  beforeEach(async () => {
    input = new PassThrough();
    output = new PassThrough();
    store = createFakeStore();
    controller = new AbortController();
    nextId = 1;
    const parseQuery = (text: string): SearchQuery => ({
      terms: [{ tokens: text.split(' '), isPrefix: false }],
      excluded: [],
    });
    served = serveMcp(
      { ...store, parseQuery, input, output, logger, version: '1.2.3' },
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

  it('searches', async () => {
    const { value } = await call('search_sessions', { query: ' the needle ' });
    expect(store.searched).toEqual([
      { terms: [{ tokens: ['the', 'needle'], isPrefix: false }], excluded: [] },
    ]);
    expect(value).toEqual({
      hits: [
        {
          sessionId: session.id,
          sessionTitle: 'About [redacted]',
          sessionHandle: 'work',
          seq: 7,
          role: 'user',
          createdAt: '2026-01-02T03:04:05.000Z',
          snippet: 'the needle',
        },
      ],
      nextCursor: null,
    });
  });

  it('lists', async () => {
    const { value } = await call('list_sessions', { text: 'wo', limit: 5, cursor: 'c' });
    expect(store.asked).toEqual([{ text: 'wo', limit: 5, cursor: 'c' }]);
    expect(value).toMatchObject({
      sessions: [{ id: session.id, handle: 'work', title: 'About [redacted]', messageCount: 250 }],
      nextCursor: 'next',
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
    expect(seen).toEqual(messages.map(({ seq }) => seq));
  });

  it('shows no key and no endless message', async () => {
    const { value, length } = await call('read_session', { session: session.id });
    expect(JSON.stringify(value)).not.toContain('CANARY');
    expect(length).toBeLessThan(20_000);
  });

  it('knows nothing of sessions in the trash, nor of unknown ones', async () => {
    for (const reference of [trashed.id, newId(), 'nothing']) {
      const { isError, value } = await call('read_session', { session: reference });
      expect(isError).toBe(true);
      expect(value.error).toBe(`No session matches "${reference}".`);
    }
  });

  it('offers sessions as resources', async () => {
    const uri = `synapse://session/${session.id}`;
    const { result } = await request('resources/list', {});
    expect(result).toMatchObject({ resources: [{ uri, name: 'work' }], nextCursor: 'next' });
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
        for (const { limit } of store.asked) expect(limit).toBeLessThanOrEqual(100);
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
    store.search.search = () => Promise.reject(new Error(`at /home/me: ${key}`));
    const { isError, value } = await call('search_sessions', { query: 'x' });
    expect(isError).toBe(true);
    expect(value).toEqual({ error: 'Synapse failed to answer; its log says more.' });
    logger.lines.length = 0;
  });

  it('ends when the client leaves', async () => {
    input.end();
    await served;
  });
});
