import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@synapse/core';
import { createToken, HttpTestbed } from '@synapse/test/support/http-testbed';
import { aMessage, anAnswer, aSession } from '@synapse/test/support/samples';

let bed: HttpTestbed;
beforeEach(async () => {
  bed = await HttpTestbed.open();
});
afterEach(() => bed.close());

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const octets = { 'content-type': 'application/octet-stream' };

async function storeTurns(count: number): Promise<string> {
  const { id } = await bed.store.sessions.create(aSession({ title: 'Trip' }));
  for (let turn = 1; turn <= count; turn += 1) {
    const messages = [aMessage(`question ${turn}`), anAnswer(`answer ${turn}`)];
    await bed.store.sessions.append(id, messages, null);
  }
  return id;
}

describe('the messages of a session', () => {
  interface Page {
    items: { seq: number; id: string }[];
    olderCursor: string | null;
    newerCursor: string | null;
  }
  const page = async (id: string, query: string) => {
    const { status, body } = await bed.get(`/api/sessions/${id}/messages?${query}`);
    expect(status).toBe(200);
    const { items, ...cursors } = body as unknown as Page;
    return { seqs: items.map(({ seq }) => seq), ids: items.map((one) => one.id), ...cursors };
  };

  it('are read from either end, and on from there in either direction', async () => {
    const id = await storeTurns(5);
    const end = await page(id, 'limit=4');
    expect(end).toMatchObject({ seqs: [7, 8, 9, 10], olderCursor: 'before-7', newerCursor: null });
    const older = await page(id, 'limit=4&cursor=before-7');
    expect(older).toMatchObject({ seqs: [3, 4, 5, 6], olderCursor: 'before-3' });
    expect((await page(id, `limit=2&cursor=${older.newerCursor!}`)).seqs).toEqual([7, 8]);
    const start = await page(id, 'limit=4&from=start');
    expect(start).toMatchObject({ seqs: [1, 2, 3, 4], olderCursor: null, newerCursor: 'after-4' });
    const newer = await page(id, 'limit=9&cursor=after-4');
    expect(newer).toMatchObject({ seqs: [5, 6, 7, 8, 9, 10], newerCursor: null });
    expect((await page(id, `limit=2&cursor=${newer.olderCursor!}`)).seqs).toEqual([3, 4]);
  });

  it('are read around one of them, with cursors to both sides', async () => {
    const id = await storeTurns(5);
    const { ids } = await page(id, 'limit=10');
    const around = await page(id, `limit=4&around=${ids[4]!}`);
    expect(around).toEqual(
      expect.objectContaining({
        seqs: [3, 4, 5, 6],
        olderCursor: 'before-3',
        newerCursor: 'after-6',
      }),
    );
    const all = await page(id, `limit=50&around=${ids[0]!}`);
    expect(all).toMatchObject({ olderCursor: null, newerCursor: null });
    expect(all.seqs).toHaveLength(10);
    const missing = await bed.get(`/api/sessions/${id}/messages?around=${newId()}`);
    expect([missing.status, missing.body.code]).toEqual([404, 'SYNAPSE_MESSAGE_NOT_FOUND']);
  });

  it('include undone turns only if asked to', async () => {
    const id = await storeTurns(2);
    await bed.store.sessions.undoTurn(id, null);
    expect((await page(id, '')).seqs).toEqual([1, 2]);
    expect((await page(id, 'variants=true')).seqs).toEqual([1, 2, 3, 4]);
  });

  it('are read one by one', async () => {
    const id = await storeTurns(1);
    const [first] = (await page(id, '')).ids;
    const { body } = await bed.get(`/api/sessions/${id}/messages/${first!}`);
    expect(body).toMatchObject({ id: first, parts: [{ type: 'text', text: 'question 1' }] });
    expect((await bed.get(`/api/sessions/${newId()}/messages/${first!}`)).status).toBe(404);
  });
});

describe('the search', () => {
  it('finds messages, and says what of the words was not searched', async () => {
    const id = await storeTurns(3);
    const { body } = await bed.get('/api/search?q=answer%20🎉&limit=2');
    expect(body).toMatchObject({ items: [{ sessionId: id }, { sessionId: id }] });
    expect(body.notices).toHaveLength(1);
    const next = await bed.get(
      `/api/search?q=answer&limit=2&cursor=${encodeURIComponent(body.nextCursor as unknown as string)}`,
    );
    expect(next.body.items).toHaveLength(1);
    expect((await bed.get('/api/search?q=question&role=assistant')).body.items).toEqual([]);
    const empty = await bed.get('/api/search?q=%2B');
    expect([empty.status, empty.body.code]).toEqual([400, 'SYNAPSE_USAGE']);
  });
});

describe('attachments', () => {
  it('are stored by their hash and given back only through a message that holds them', async () => {
    const { status, body } = await bed.ask('POST', '/api/attachments?name=..%2Fa%20b.png', {
      ...{ bytes: png, headers: octets },
    });
    const sha256 = createHash('sha256').update(png).digest('hex');
    expect([status, body]).toEqual([
      201,
      { sha256, mediaType: 'image/png', name: 'a b.png', byteLength: png.byteLength },
    ]);
    const { id } = await bed.store.sessions.create(aSession());
    const attachment = body as never;
    const holding = aMessage('', { parts: [{ type: 'image', attachment }] });
    const other = aMessage('no image');
    await bed.store.sessions.append(id, [holding, other], null);
    const path = (message: string, hash = sha256) =>
      `/api/sessions/${id}/messages/${message}/attachments/${hash}`;
    const reply = await fetch(new URL(path(holding.id), bed.url), {
      headers: { authorization: `Bearer ${bed.token}` },
    });
    expect(Buffer.from(await reply.arrayBuffer())).toEqual(png);
    expect(reply.headers.get('content-type')).toBe('image/png');
    expect(reply.headers.get('content-disposition')).toBe("inline; filename*=UTF-8''a%20b.png");
    expect(reply.headers.get('content-security-policy')).toContain('sandbox');
    expect((await bed.get(path(other.id))).status).toBe(404);
    expect((await bed.get(path(holding.id, 'b'.repeat(64)))).status).toBe(404);
  });

  it('that could run in a browser are saved and not shown', async () => {
    const bytes = '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>';
    const { body } = await bed.ask('POST', '/api/attachments', { bytes, headers: octets });
    expect(body).toMatchObject({ mediaType: 'text/plain', name: null });
    const { id } = await bed.store.sessions.create(aSession());
    const attachment = { ...(body as object), mediaType: 'image/svg+xml' } as never;
    const message = aMessage('', { parts: [{ type: 'file', attachment }] });
    await bed.store.sessions.append(id, [message], null);
    const { headers } = await bed.get(
      `/api/sessions/${id}/messages/${message.id}/attachments/${body.sha256 as unknown as string}`,
    );
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toMatch(/^attachment;/);
  });

  it('of unknown types are refused', async () => {
    const bytes = Uint8Array.of(0, 1, 2, 255);
    const { status, body } = await bed.ask('POST', '/api/attachments', { bytes, headers: octets });
    expect([status, body.code]).toEqual([422, 'SYNAPSE_INVALID_DATA']);
  });
});

describe('an export', () => {
  it.each(['json', 'ndjson'])('as %s is imported by another server, also twice', async (format) => {
    const id = await storeTurns(3);
    const file = await bed.get(`/api/export?format=${format}`);
    const other = await HttpTestbed.open();
    try {
      const headers = { 'content-type': file.headers.get('content-type')! };
      const bytes = typeof file.body === 'string' ? file.body : JSON.stringify(file.body);
      const send = (query: string) => other.ask('POST', `/api/import${query}`, { bytes, headers });
      expect((await send('?dryRun=true')).body).toMatchObject({ isDryRun: true, addedCount: 1 });
      expect((await other.get(`/api/sessions/${id}`)).status).toBe(404);
      expect((await send('')).body).toMatchObject({ addedCount: 1, messageCount: 6 });
      expect((await send('')).body).toMatchObject({ addedCount: 0, presentIds: [id] });
      expect((await other.get(`/api/sessions/${id}`)).body.messageCount).toBe(6);
    } finally {
      await other.close();
    }
  });

  it.each(['json', 'ndjson', 'markdown', 'html', 'text', 'atif', 'openai', 'sharegpt', 'opencode'])(
    'of a session is written as %s',
    async (format) => {
      const id = await storeTurns(1);
      const { status, headers } = await bed.get(`/api/sessions/${id}/export?format=${format}`);
      expect(status).toBe(200);
      expect(headers.get('content-disposition')).toMatch(/^attachment; filename[*]=UTF-8''/);
    },
  );

  it('leaves keys out where it is redacted', async () => {
    const { id } = await bed.store.sessions.create(aSession());
    const key = `sk-ant-api03-${'a1B2'.repeat(20)}`;
    await bed.store.sessions.append(id, [aMessage(`My key is ${key}`)], null);
    const { body } = await bed.get(`/api/sessions/${id}/export?format=text&redact=true`);
    expect(body).not.toContain(key);
    expect((await bed.get(`/api/sessions/${id}/export?format=text`)).body).toContain(key);
  });

  it('that is damaged is refused as a whole', async () => {
    const headers = { 'content-type': 'application/json' };
    const { status, body } = await bed.ask('POST', '/api/import', { bytes: '{"a":', headers });
    expect([status, body.code]).toEqual([422, 'SYNAPSE_INVALID_DATA']);
  });
});

describe('figures', () => {
  it('of usage are grouped, and the totals say how much is stored', async () => {
    const id = await storeTurns(2);
    const { body } = await bed.get(`/api/usage?by=session&sessionId=${id}`);
    expect(body).toMatchObject({
      by: 'session',
      items: [{ key: id, label: 'Trip', answerCount: 2 }],
    });
    expect((await bed.get('/api/stats')).body).toMatchObject({ livingCount: 1, messageCount: 4 });
  });

  it('of the next request of a session need no key', async () => {
    const id = await storeTurns(2);
    const { body } = await bed.get(`/api/sessions/${id}/context?model=openai/gpt-5-mini`);
    expect(body).toMatchObject({ sessionId: id, provider: 'openai', messageCount: 4 });
  });

  it('of the server are for Prometheus, count by route, and need the scope admin', async () => {
    const id = newId();
    await bed.get(`/api/sessions/${id}`);
    const { body } = await bed.get('/metrics');
    expect(body).toContain(
      'synapse_http_requests_total{method="GET",route="/api/sessions/{sessionId}",status="404"} 1\n',
    );
    expect(body).toContain('_bucket{method="GET",route="/api/sessions/{sessionId}",le="+Inf"} 1\n');
    expect(body).not.toContain(id);
    const token = await createToken(bed.store.tokens, ['read', 'write', 'tools']);
    expect((await bed.get('/metrics', { token })).status).toBe(403);
  });
});

describe('models and providers', () => {
  it('are listed without any key', async () => {
    const { body } = await bed.get('/api/models?provider=demo');
    expect((body.items as unknown as object[]).length).toBeGreaterThan(0);
    const providers = await bed.get('/api/providers');
    expect(JSON.stringify(providers.body)).toContain('"demo"');
    expect((await bed.get('/api/models?provider=made-up')).status).toBe(400);
  });
});
