import { request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpTestbed } from '@synapse/test/support/http-testbed';

const shell = '<!doctype html><title>Synapse</title>';
const files = [
  { path: '/', name: 'index.html', type: 'text/html; charset=utf-8', tag: 'abc' },
  { path: '/assets/page-1.js', name: 'page-1.js', type: 'text/javascript', tag: 'def' },
];

describe('the page', () => {
  let bed: HttpTestbed;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'synapse-page-'));
    writeFileSync(join(folder, 'page.json'), JSON.stringify(files));
    for (const { name } of files) {
      writeFileSync(join(folder, name), shell);
      writeFileSync(join(folder, `${name}.br`), brotliCompressSync(shell));
      writeFileSync(join(folder, `${name}.gz`), gzipSync(shell));
    }
    bed = await HttpTestbed.open({ page: folder });
  });
  afterAll(async () => {
    await bed.close();
    rmSync(folder, { recursive: true });
  });

  const get = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const sent = request({ host: '127.0.0.1', port: bed.port, path, method, headers });
    sent.end();
    const [reply] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: reply.statusCode, headers: reply.headers, bytes: await buffer(reply) };
  };

  it('is served without a token, under a policy that lets only its own scripts run', async () => {
    const { status, headers, bytes } = await get('/');
    expect([status, bytes.toString()]).toEqual([200, shell]);
    const policy = headers['content-security-policy'];
    for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]) {
      expect(policy).toContain(rule);
    }
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-opener-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('may be kept for ever where its address names its content', async () => {
    const { headers } = await get('/assets/page-1.js');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it('comes in the form that the browser takes', async () => {
    const br = await get('/', { 'accept-encoding': 'gzip, deflate, br, zstd' });
    expect([br.headers['content-encoding'], br.headers.vary]).toEqual(['br', 'accept-encoding']);
    expect(brotliDecompressSync(br.bytes).toString()).toBe(shell);
    const gz = await get('/', { 'accept-encoding': 'br;q=0, gzip' });
    expect(gz.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gz.bytes).toString()).toBe(shell);
  });

  it('is not sent again to a browser that has it', async () => {
    const first = await get('/', { 'accept-encoding': 'br' });
    const etag = first.headers.etag!;
    const again = await get('/', { 'accept-encoding': 'br', 'if-none-match': etag });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
    expect((await get('/', { 'if-none-match': etag })).status).toBe(200);
  });

  it('opens from a link of another site, but never under another name of the server', async () => {
    expect((await get('/', { 'sec-fetch-site': 'cross-site' })).status).toBe(200);
    expect((await get('/', { host: 'evil.example' })).status).toBe(421);
  });

  it('has no other files', async () => {
    for (const path of ['/page.json', '/assets/..%2fpage.json', '/index.html', '/assets/']) {
      expect((await get(path)).status).toBe(401);
    }
    expect((await get('/', {}, 'POST')).status).toBe(401);
    const head = await get('/', {}, 'HEAD');
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
  });
});

describe('signing in', () => {
  let bed: HttpTestbed;
  beforeAll(async () => {
    bed = await HttpTestbed.open();
  });
  afterAll(() => bed.close());

  it('gives a browser a token of its own, which can be revoked alone', async () => {
    const { status, body } = await bed.post('/api/tokens', { name: 'Firefox on Linux' });
    expect(status).toBe(201);
    const { secret, id } = body as unknown as { secret: string; id: string };
    expect((await bed.get('/api/sessions', { token: secret })).status).toBe(200);
    const listed = await bed.store.tokens.list();
    expect(listed.at(-1)).toMatchObject({ id, name: 'Firefox on Linux', owner: null });
    await bed.store.tokens.revoke(id, new Date());
    expect((await bed.get('/api/sessions', { token: secret })).status).toBe(401);
    expect((await bed.get('/api/sessions')).status).toBe(200);
  });
});
