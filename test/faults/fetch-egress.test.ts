import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openToolRoom, type ToolRoom } from '@synapse/test/support/builtin-tools';

const names: Record<string, string[]> = {
  'local.example': ['127.0.0.1'],
  'local6.example': ['::1'],
  'metadata.example': ['169.254.169.254'],
  'lan.example': ['192.168.1.1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'mixed.example': ['93.184.216.34', '10.0.0.1'],
  'localhost.': ['127.0.0.1'],
  localhost: ['127.0.0.1'],
  'allowed.example': ['127.0.0.1'],
};

let server: Server;
let port: number;
let room: ToolRoom;
let hits: string[] = [];
let answers: Record<string, RequestListener> = {};

beforeAll(async () => {
  server = createServer((request, response) => {
    hits.push(`${request.method} ${request.headers.host} ${request.url}`);
    const answer = answers[request.url ?? ''];
    if (answer) answer(request, response);
    else response.writeHead(404).end('nothing');
  }).listen(0);
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  room = await openToolRoom({
    resolve: async (host) => {
      const found = names[host];
      if (!found) throw Object.assign(new Error('unknown'), { code: 'ENOTFOUND' });
      return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    },
    allowedPrivateHosts: ['allowed.example'],
  });
});

afterAll(async () => {
  server.close();
  await room.close();
});

const at = (path: string): string => `http://allowed.example:${port}${path}`;

describe('fetch', () => {
  it.each([
    'http://127.0.0.1:<port>/',
    'http://127.1:<port>/',
    'http://2130706433:<port>/',
    'http://0x7f000001:<port>/',
    'http://0177.0.0.1:<port>/',
    'http://0:<port>/',
    'http://0.0.0.0:<port>/',
    'http://127.0.0.1.:<port>/',
    'http://①②⑦.0.0.1:<port>/',
    'http://[::1]:<port>/',
    'http://[::]:<port>/',
    'http://[::ffff:127.0.0.1]:<port>/',
    'http://[::ffff:7f00:1]:<port>/',
    'http://[::127.0.0.1]:<port>/',
    'http://[64:ff9b::7f00:1]:<port>/',
    'http://[2002:7f00:1::]:<port>/',
    'http://[fe80::1]:<port>/',
    'http://[fd00::1]:<port>/',
    'http://[fec0::1]:<port>/',
    'http://localhost:<port>/',
    'http://LOCALHOST:<port>/',
    'http://localhost.:<port>/',
    'http://ｌocalhost:<port>/',
    'http://local.example:<port>/',
    'http://local6.example:<port>/',
    'http://mapped.example:<port>/',
    'http://mixed.example:<port>/',
    'http://metadata.example/latest/meta-data/',
    'http://169.254.169.254/latest/meta-data/',
    'http://lan.example/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.0.1/',
    'http://100.64.0.1/',
    'http://198.18.0.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://user:word@allowed.example:<port>/',
    'http://allowed.example@127.0.0.1:<port>/',
    'http://allowed.example.evil.example:<port>/',
    'http://allowed.example\0.evil/',
    'file:///etc/passwd',
    'ftp://allowed.example/',
    'data:text/plain,x',
    'javascript:1',
    '//127.0.0.1/',
    'allowed.example',
  ])('connects to nothing for %s', async (url) => {
    hits = [];
    const { isError } = await room.call('fetch', { url: url.replace('<port>', String(port)) });
    expect({ isError, hits }).toEqual({ isError: true, hits: [] });
  });

  it('asks the name service once and keeps to the answer', async () => {
    let asked = 0;
    const rebinding = await openToolRoom({
      resolve: async () => {
        asked += 1;
        return [{ address: asked === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }];
      },
    });
    const { isError } = await rebinding.call('fetch', { url: `http://rebind.example:${port}/` });
    expect({ isError, asked }).toEqual({ isError: true, asked: 1 });
    await rebinding.close();
  });

  it.each([301, 302, 303, 307, 308])(
    'tells where an answer of %i leads, and goes there only when it is called again',
    async (status) => {
      const redirectTo = (location: string) => {
        answers = {
          '/one': (_request, response) => response.writeHead(status, { location }).end('moved'),
        };
        return room.call('fetch', { url: at('/one') });
      };
      hits = [];
      const within = await redirectTo('/private/secret');
      expect(within.output).toBe(`It redirects to ${at('/private/secret')}\n[Status ${status}.]`);
      const away = await redirectTo(`http://127.0.0.1:${port}/secret`);
      expect(away.output).toContain(`It redirects to http://127.0.0.1:${port}/secret`);
      for (const location of ['file:///etc/passwd', 'http://[', 'http://me:key@x.example/']) {
        expect((await redirectTo(location)).isError).toBe(true);
      }
      expect(hits).toEqual(Array(5).fill(`GET allowed.example:${port} /one`));
    },
  );

  it('returns a page as Markdown, without non-text content', async () => {
    const page =
      '<html><head><title>t</title><style>s{}</style></head><body><nav>menu</nav><h1>Title</h1>' +
      '<script>alert(1)</script><p>A <a href="https://example.com/">link</a>.</p></body></html>';
    answers = {
      '/page': (_request, response) =>
        response
          .writeHead(200, {
            'content-type': 'text/html; charset=utf-8',
            'content-encoding': 'gzip',
          })
          .end(gzipSync(page)),
    };
    const { output } = await room.call('fetch', { url: at('/page') });
    expect(output).toBe('t\n\n# Title\n\nA [link](https://example.com/).');
  });

  it('sends what it is given, but no header that would change the connection', async () => {
    answers = {
      '/echo': (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () =>
          response
            .writeHead(201, { 'content-type': 'application/json' })
            .end(
              JSON.stringify([
                request.method,
                request.headers['x-a'],
                Buffer.concat(chunks).toString(),
              ]),
            ),
        );
      },
    };
    const { output } = await room.call('fetch', {
      url: at('/echo'),
      method: 'POST',
      headers: { 'x-a': 'b' },
      body: 'c',
    });
    expect(output).toBe('["POST","b","c"]');
    for (const headers of [{ host: 'evil' }, { 'x\r\ny': 'z' }, { x: 'a\r\nb: c' }]) {
      expect((await room.call('fetch', { url: at('/echo'), headers })).isError).toBe(true);
    }
  });

  it('stops at a size, even of what was packed small', async () => {
    answers = {
      '/bomb': (_request, response) =>
        response
          .writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(50 * 1024 * 1024, 97))),
    };
    await room.call('fetch', { url: at('/bomb') });
    const whole = room.kept.at(-1);
    expect(whole?.bytes.length).toBeLessThan(5 * 1024 * 1024 + 100);
  });

  it('names content that is not text, and a status that is not a success', async () => {
    answers = {
      '/image': (_request, response) =>
        response
          .writeHead(200, { 'content-type': 'image/png' })
          .end(Buffer.from([137, 80, 78, 71])),
    };
    expect((await room.call('fetch', { url: at('/image') })).output).toBe(
      'The response is not text: image/png, 4 bytes.',
    );
    expect(await room.call('fetch', { url: at('/missing') })).toMatchObject({
      output: 'nothing\n[Status 404.]',
      isError: true,
    });
  });

  it('ends with the reason when it is aborted', async () => {
    answers = { '/hang': () => undefined };
    const controller = new AbortController();
    const call = room.tools.call('fetch', { url: at('/hang') }, controller.signal);
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
  });
});
