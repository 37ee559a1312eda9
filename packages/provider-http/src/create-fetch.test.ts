import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { createServer, type Server } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { createFetch, type MinimalFetch } from './create-fetch.ts';

const context = {
  provider: 'double',
  secrets: [],
  connectTimeoutMs: 60_000,
  idleTimeoutMs: 60_000,
};

describe('createFetch', () => {
  let double: ProviderDouble;
  let fetch: MinimalFetch;

  beforeEach(async () => {
    double = await openProviderDouble();
    fetch = createFetch({ ...context, environment: {} });
  });
  afterEach(() => double.close());

  it('sends method, headers and body, with the length in bytes', async () => {
    double.script({ steps: [{ send: 'fine' }] });
    const headers = new Headers({ 'X-Test': 'yes' });
    const response = await fetch(`${double.url}/a?b=c`, { method: 'POST', headers, body: 'über' });
    expect(await response.text()).toBe('fine');
    expect(double.requests).toMatchObject([
      {
        method: 'POST',
        path: '/a?b=c',
        body: 'über',
        headers: { 'x-test': 'yes', 'content-length': '5' },
      },
    ]);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('unpacks %s', async (encoding, pack) => {
    const send = pack(Buffer.from('{"packed":true}'));
    double.script({ headers: { 'content-encoding': encoding }, steps: [{ send }] });
    expect(await (await fetch(double.url)).json()).toEqual({ packed: true });
  });

  it('fails when a compressed body is truncated or invalid', async () => {
    const headers = { 'content-encoding': 'gzip' };
    const send = gzipSync(Buffer.from('x'.repeat(1000))).subarray(0, 20);
    double.script({ headers, steps: [{ send }] });
    await expect((await fetch(double.url)).text()).rejects.toMatchObject({
      failure: { reason: 'network' },
    });
    double.script({ headers, steps: [{ send: 'plain' }] });
    await expect((await fetch(double.url)).text()).rejects.toMatchObject({
      failure: { reason: 'network' },
    });
  });

  it('reads at the pace of its reader', async () => {
    let sent = 0;
    const steps = Array.from({ length: 200 }, () => ({
      get send() {
        sent += 1;
        return Buffer.alloc(256 * 1024);
      },
    }));
    double.script({ steps });
    const { body } = await fetch(double.url);
    await body.next();
    for (let turn = 0; turn < 500; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toBeLessThan(150);
    body.destroy();
    await double.requests[0]?.abandoned;
  });

  it('retries on a new connection if the kept one was closed meanwhile', async () => {
    double.script(
      { steps: [{ send: 'first' }] },
      { isRaw: true, steps: [{ reset: true }] },
      {
        steps: [{ send: 'second' }],
      },
    );
    await (await fetch(double.url)).text();
    const response = await fetch(double.url, { method: 'POST', body: '{}' });
    expect(await response.text()).toBe('second');
    expect(double.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
  });

  it('does not retry when a new connection is reset', async () => {
    double.script({ isRaw: true, steps: [{ reset: true }] }, { steps: [{ send: 'second' }] });
    await expect(fetch(double.url)).rejects.toMatchObject({ failure: { reason: 'network' } });
    expect(double.requests).toHaveLength(1);
  });

  it('fails for an answer that is not HTTP', async () => {
    double.script({ isRaw: true, steps: [{ send: 'SSH-2.0-double\r\n\r\n' }] });
    await expect(fetch(double.url)).rejects.toMatchObject({
      failure: { reason: 'invalid-response' },
    });
  });

  it('fails for a server that switches to another protocol', async () => {
    const send =
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n';
    double.script({ isRaw: true, steps: [{ send }, { hang: true }] });
    await expect(fetch(double.url)).rejects.toMatchObject({
      failure: {
        reason: 'invalid-response',
        message: expect.stringContaining('switched to another protocol'),
      },
    });
    await double.requests[0]?.abandoned;
  });

  it('gives up on informational responses without a final response', async () => {
    const impatient = createFetch({
      ...context,
      connectTimeoutMs: 200,
      idleTimeoutMs: 40,
      environment: {},
    });
    const send = 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(20);
    double.script({ isRaw: true, steps: [{ send }, { hang: true }] });
    await expect(impatient(double.url)).rejects.toMatchObject({ failure: { reason: 'timeout' } });
  });

  it('fails permanently when the server does not speak TLS', async () => {
    double.script({ isRaw: true, steps: [{ close: true }] });
    await expect(fetch(double.url.replace('http:', 'https:'))).rejects.toMatchObject({
      failure: { reason: 'network', isRetryable: false },
    });
  });

  it('gives up on a stalled handshake', async () => {
    const silent = createTcpServer((socket) => sockets.push(socket));
    const sockets: Socket[] = [];
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const impatient = createFetch({ ...context, connectTimeoutMs: 60, environment: {} });
    try {
      await expect(impatient(`https://127.0.0.1:${port}`)).rejects.toMatchObject({
        failure: { reason: 'timeout', isRetryable: true },
      });
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  });

  it('throws an AbortError when it is aborted in the body', async () => {
    const controller = new AbortController();
    double.script({ steps: [{ send: 'begin' }, { hang: true }] });
    const { body } = await fetch(double.url, { signal: controller.signal });
    await body.next();
    controller.abort();
    await expect(body.next()).rejects.toMatchObject({ name: 'AbortError' });
    await double.requests[0]?.abandoned;
  });

  it('gives up on the body of an error that never arrives', async () => {
    const impatient = createFetch({ ...context, idleTimeoutMs: 40, environment: {} });
    double.script({ status: 503, steps: [{ send: 'wait' }, { hang: true }] });
    await expect(impatient(double.url)).rejects.toMatchObject({ failure: { status: 503 } });
  });

  describe('with a proxy', () => {
    let proxy: Server;
    let connected: string[];

    beforeEach(async () => {
      connected = [];
      proxy = createServer();
      proxy.on('connect', (request, socket) => {
        connected.push(request.url ?? '');
        const target = connect(Number(new URL(double.url).port), '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          target.pipe(socket).pipe(target);
        });
        const close = (): void => {
          target.destroy();
          socket.destroy();
        };
        target.on('error', close).on('close', close);
        socket.on('error', close).on('close', close);
      });
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    });
    afterEach(() => new Promise((resolve) => proxy.close(resolve)));

    it('goes through it', async () => {
      const { port } = proxy.address() as AddressInfo;
      const environment = { HTTP_PROXY: `http://127.0.0.1:${port}` };
      double.script({ headers: { connection: 'close' }, steps: [{ send: 'through' }] });
      const proxied = createFetch({ ...context, environment });
      const response = await proxied('http://provider.test/v1', { method: 'POST', body: '{}' });
      expect(await response.text()).toBe('through');
      expect(connected).toEqual(['provider.test:80']);
      expect(double.requests).toMatchObject([{ method: 'POST', path: '/v1', body: '{}' }]);
    });

    it('retries through it if the kept connection was closed meanwhile', async () => {
      const { port } = proxy.address() as AddressInfo;
      const environment = { HTTP_PROXY: `http://127.0.0.1:${port}` };
      double.script(
        { steps: [{ send: 'first' }] },
        { isRaw: true, steps: [{ reset: true }] },
        { headers: { connection: 'close' }, steps: [{ send: 'second' }] },
      );
      const proxied = createFetch({ ...context, environment });
      await (await proxied('http://provider.test/v1')).text();
      const response = await proxied('http://provider.test/v1', { method: 'POST', body: '{}' });
      expect(await response.text()).toBe('second');
      expect(connected).toEqual(['provider.test:80', 'provider.test:80']);
    });

    it('fails when no proxy listens', async () => {
      const environment = { HTTP_PROXY: 'http://me:secret@127.0.0.1:1' };
      const proxied = createFetch({ ...context, environment });
      await expect(proxied('http://provider.test/v1')).rejects.toMatchObject({
        failure: {
          reason: 'network',
          message:
            'double: nothing answers at provider.test through the proxy 127.0.0.1:1 (ECONNREFUSED).',
        },
      });
    });
  });
});
