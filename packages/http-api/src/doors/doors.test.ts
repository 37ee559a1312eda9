import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@synapse/core';
import { scopes, type Scope } from '@synapse/core/server';
import { routes, type Route } from '@synapse/http-api';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { createToken, HttpTestbed } from '@synapse/test/support/http-testbed';

const table = routes.map((route): [string, Route] => [`${route.method} ${route.path}`, route]);
const guarded = table.filter(([, { scope }]) => scope !== null);
const withJson = table.filter(([, { body }]) => body?.kind === 'json');
const withBody = table.filter(([, { body }]) => body !== undefined);

/** A path of the route, with values that fit. */
function pathOf({ path }: Route): string {
  return path.replaceAll('{sha256}', 'a'.repeat(64)).replaceAll(/\{\w+\}/g, newId());
}

interface Raw {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** Sends headers that `fetch` does not let anybody choose. */
async function send(
  bed: HttpTestbed,
  { method }: Pick<Route, 'method'>,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Raw> {
  const { port } = bed;
  const authorization = `Bearer ${bed.token}`;
  const sent = request({
    ...{ host: '127.0.0.1', port, method, path },
    headers: { authorization, ...headers },
  });
  sent.end(body);
  const [reply] = (await once(sent, 'response')) as [IncomingMessage];
  const { statusCode = 0 } = reply;
  return { status: statusCode, headers: reply.headers, body: await text(reply) };
}

function codeOf({ body }: { body: unknown }): string {
  const content: unknown = typeof body === 'string' ? JSON.parse(body) : body;
  // Problem documents, or errors in the dialect of a provider.
  const { code, error } = content as { code?: string; error?: { code: string } };
  return code ?? error?.code.toUpperCase() ?? '';
}

describe('the doors of', () => {
  let bed: HttpTestbed;
  beforeAll(async () => {
    bed = await HttpTestbed.open({
      limits: { requestsPerMinute: 1e6, refusedTokensPerMinute: 1e6 },
    });
  });
  afterAll(() => bed.close());

  it.each(['GET /healthz', 'GET /readyz'])('%s let everybody in', async (name) => {
    const open = table.filter(([, { scope }]) => scope === null).map(([one]) => one);
    expect(open).toEqual(['GET /healthz', 'GET /readyz']);
    expect((await bed.get(name.split(' ')[1]!, { token: null })).status).toBe(200);
  });

  describe.each(table)('%s', (_, route) => {
    it.each([
      'evil.example',
      '127.0.0.1',
      'localhost:1',
      'evil.example:{port}',
      '127.0.0.1.evil.example:{port}',
    ])('refuse the name %s in Host', async (host) => {
      const reply = await send(bed, route, pathOf(route), {
        host: host.replace('{port}', String(bed.port)),
      });
      expect([reply.status, codeOf(reply)]).toEqual([421, 'SYNAPSE_HTTP_WRONG_HOST']);
    });

    it.each([
      { origin: 'https://evil.example' },
      { origin: 'null' },
      // Another port of the same host.
      { origin: 'http://127.0.0.1:1' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ])('refuse pages of others: %j', async (headers) => {
      const reply = await send(bed, route, pathOf(route), headers);
      expect([reply.status, codeOf(reply)]).toEqual([403, 'SYNAPSE_HTTP_FOREIGN_ORIGIN']);
    });

    it('let pages of the server itself in', async () => {
      const origin = `http://127.0.0.1:${bed.port}`;
      const headers = { origin, 'sec-fetch-site': 'same-origin' };
      const { status } = await send(bed, route, pathOf(route), headers);
      expect([403, 421]).not.toContain(status);
    });

    it('send the headers that protect a browser, and allow no other page to read', async () => {
      const { headers } = await send(bed, route, pathOf(route));
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'x-robots-tag': 'noindex',
        'x-request-id': expect.any(String),
      });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    });

    it('refuse an address that is too long', async () => {
      const { status } = await send(bed, route, `${pathOf(route)}?x=${'x'.repeat(8200)}`);
      expect(status).toBe(413);
    });
  });

  describe.each(guarded)('%s', (_, route) => {
    it.each([
      ['no token', {}],
      ['another scheme', { authorization: 'Basic c3luOng=' }],
      ['an unknown token', { authorization: `Bearer syn_${'x'.repeat(43)}` }],
      ['something else', { authorization: 'Bearer ' + 'x'.repeat(5000) }],
      ['a token in the address', {}],
    ])('refuse %s', async (kind, headers) => {
      const query = kind === 'a token in the address' ? `?token=${bed.token}` : '';
      const { port } = bed;
      const reply = await fetch(`http://127.0.0.1:${port}${pathOf(route)}${query}`, {
        ...{ method: route.method, headers },
      });
      expect([reply.status, codeOf({ body: await reply.json() })]).toEqual([
        401,
        'SYNAPSE_HTTP_UNAUTHORIZED',
      ]);
      expect(reply.headers.get('www-authenticate')).toContain('Bearer');
    });

    it('refuse a revoked token at once', async () => {
      const token = await createToken(bed.store.tokens, scopes);
      const { id } = (await bed.store.tokens.list()).at(-1)!;
      expect((await bed.ask(route.method, pathOf(route), { token })).status).not.toBe(401);
      await bed.store.tokens.revoke(id, new Date());
      expect((await bed.ask(route.method, pathOf(route), { token })).status).toBe(401);
    });

    it('refuse a token without the scope, and say which it is', async () => {
      const others = scopes.filter(
        (scope): scope is Scope => scope !== route.scope && scope !== 'admin',
      );
      const token = await createToken(bed.store.tokens, others);
      const { status, body } = await bed.ask(route.method, pathOf(route), { token });
      expect([status, codeOf({ body })]).toEqual([403, 'SYNAPSE_HTTP_FORBIDDEN']);
      const { message } = (body.error ?? {}) as { message?: unknown };
      expect(message ?? body.detail).toContain(`"${route.scope}"`);
    });

    it('refuse parameters that the table does not name', async () => {
      const { body: content } = route;
      const headers = content?.kind === 'json' ? { 'content-type': 'application/json' } : {};
      const path = `${pathOf(route)}?unknown=1`;
      const type = content?.kind === 'bytes' ? { 'content-type': content.mediaTypes[0]! } : headers;
      const sent = content && (content.kind === 'json' ? JSON.stringify(content.example) : 'x');
      const reply = await send(bed, route, path, type, sent);
      expect([reply.status, codeOf(reply)]).toEqual([400, 'SYNAPSE_HTTP_INVALID_REQUEST']);
    });
  });

  describe.each(withBody)('%s', (_, route) => {
    it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
      'refuse a body of the type %s, which a page may send without asking',
      async (type) => {
        const reply = await send(bed, route, pathOf(route), { 'content-type': type }, '{}');
        expect([reply.status, codeOf(reply)]).toEqual([415, 'SYNAPSE_HTTP_UNSUPPORTED_TYPE']);
      },
    );

    it('refuse a body without a type', async () => {
      const reply = await send(bed, route, pathOf(route), { 'content-length': '2' }, '{}');
      expect(reply.status).toBe(415);
    });

    it('refuse a body that says it is too large before it comes', async () => {
      const type = route.body!.kind === 'json' ? 'application/json' : route.body!.mediaTypes[0]!;
      const length = (route.body!.maxBytes ?? 1 << 20) + 1;
      const socket = connect(bed.port, '127.0.0.1');
      socket.write(
        `${route.method} ${pathOf(route)} HTTP/1.1\r\nHost: 127.0.0.1:${bed.port}\r\n` +
          `Authorization: Bearer ${bed.token}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`,
      );
      const [head] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      expect(head.toString().split('\r\n')[0]).toBe('HTTP/1.1 413 Payload Too Large');
    });
  });

  describe.each(withJson)('%s', (_, route) => {
    it.each(['{', '{"\\ud800', '[]', 'null', '1', ''])(
      'refuse a body that is not the JSON that it takes: %j',
      async (json) => {
        const type = { 'content-type': 'application/json' };
        const reply = await send(bed, route, pathOf(route), type, json);
        expect([reply.status, codeOf(reply)]).toEqual([400, 'SYNAPSE_HTTP_INVALID_REQUEST']);
      },
    );
  });

  it('let a client name a type although it sends no body, and refuse a body that nobody takes', async () => {
    const headers = { 'content-type': 'application/json' };
    expect((await bed.get('/api/sessions', { headers })).status).toBe(200);
    const path = `/api/sessions/${newId()}/restore`;
    expect((await bed.ask('POST', path, { bytes: 'x', headers })).status).toBe(415);
    expect((await bed.ask('POST', path, { headers })).status).toBe(404);
  });

  it('tell a caller without a token nothing about the addresses', async () => {
    for (const path of ['/', '/api/sessions', '/api/nothing', '/v1/models']) {
      expect((await bed.get(path, { token: null })).status).toBe(401);
    }
  });

  it('know no other address, and name the methods of those they know', async () => {
    expect((await bed.get('/api/nothing')).status).toBe(404);
    const reply = await bed.ask('PUT', '/api/sessions');
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });

  it('refuse a body that grows too large although it did not say so', async () => {
    const sent = request({
      ...{ host: '127.0.0.1', port: bed.port, method: 'POST', path: '/api/sessions' },
      headers: { authorization: `Bearer ${bed.token}`, 'content-type': 'application/json' },
    });
    sent.on('error', () => undefined);
    const replied = once(sent, 'response') as Promise<[IncomingMessage]>;
    const block = ' '.repeat(1 << 16);
    for (let count = 0; count < 20; count += 1) sent.write(block);
    const [reply] = await replied;
    sent.destroy();
    expect(reply.statusCode).toBe(413);
  });
});

describe('a page of another origin', () => {
  it('may use the server only if it is configured, and with a token', async () => {
    const origin = 'https://app.example.com';
    const bed = await HttpTestbed.open({ origins: [origin] });
    try {
      const ask = (from: string, method: string, more: Record<string, string> = {}) =>
        fetch(`${bed.url}/api/sessions`, { method, headers: { origin: from, ...more } });
      const wanted = { 'access-control-request-method': 'PATCH' };
      const allowed = await ask(origin, 'OPTIONS', wanted);
      expect(allowed.status).toBe(204);
      expect(allowed.headers.get('access-control-allow-origin')).toBe(origin);
      expect(allowed.headers.get('access-control-allow-methods')).toContain('PATCH');
      expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
      const read = await ask(origin, 'GET', { authorization: `Bearer ${bed.token}` });
      expect([read.status, read.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
      expect((await ask(origin, 'GET')).status).toBe(401);
      const foreign = await ask('https://app.example.com.evil.example', 'OPTIONS', wanted);
      expect(foreign.status).toBe(403);
      expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
    } finally {
      await bed.close();
    }
  });
});

describe('the limits', () => {
  it('of a token say how many requests are left, and refuse more with the time to wait', async () => {
    const clock = new FakeClock();
    const limits = { requestsPerMinute: 3 };
    const bed = await HttpTestbed.open({ limits, changeApp: (app) => ({ ...app, clock }) });
    try {
      const policies: (string | null)[] = [];
      for (let count = 0; count < 3; count += 1) {
        const { headers } = await bed.get('/api/server');
        policies.push(headers.get('ratelimit'));
        expect(headers.get('ratelimit-policy')).toBe('"token";q=3;w=60');
      }
      expect(policies).toEqual(['"token";r=2;t=20', '"token";r=1;t=40', '"token";r=0;t=60']);
      const refused = await bed.get('/api/server');
      expect([refused.status, refused.body.code]).toEqual([429, 'SYNAPSE_HTTP_TOO_MANY_REQUESTS']);
      expect(refused.headers.get('retry-after')).toBe('20');
      const token = await createToken(bed.store.tokens, ['read']);
      expect((await bed.get('/api/server', { token })).status).toBe(200);
      await clock.advance(20_000);
      expect((await bed.get('/api/server')).status).toBe(200);
    } finally {
      await bed.close();
    }
  });

  it('of an address slow down who guesses tokens, and nobody with a token', async () => {
    const clock = new FakeClock();
    const limits = { refusedTokensPerMinute: 2 };
    const bed = await HttpTestbed.open({ limits, changeApp: (app) => ({ ...app, clock }) });
    try {
      const guess = () => bed.get('/api/server', { token: `syn_${'x'.repeat(43)}` });
      const replies = [await guess(), await guess(), await guess()];
      expect(replies.map(({ status }) => status)).toEqual([401, 401, 429]);
      expect(replies[2]!.headers.get('retry-after')).toBe('30');
      expect((await bed.get('/api/server')).status).toBe(200);
    } finally {
      await bed.close();
    }
  });

  it('cut a client that does not finish its request', async () => {
    const bed = await HttpTestbed.open({ limits: { headersMs: 50, requestMs: 50 } });
    try {
      const socket = connect(bed.port, '127.0.0.1');
      socket.write('GET /api/sessions HTTP/1.1\r\nHost: 127');
      const closed = once(socket, 'close');
      expect(await text(socket)).toContain('408 Request Timeout');
      await closed;
    } finally {
      await bed.close();
    }
  });

  it('cut a client that does not read', async () => {
    const bed = await HttpTestbed.open({ limits: { idleMs: 50 } });
    try {
      const socket = connect(bed.port, '127.0.0.1');
      await once(socket, 'close');
    } finally {
      await bed.close();
    }
  });
});
