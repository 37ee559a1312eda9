import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@synapse/core';
import { routes, type Route } from '@synapse/http-api';
import { createToken, HttpTestbed } from '@synapse/test/support/http-testbed';
import { aSession } from '@synapse/test/support/samples';
import { KeyedRequests } from './idempotency-key.ts';

const posts = routes
  .filter(({ method, body }) => method === 'POST' && body?.kind === 'json')
  .map((route): [string, Route] => [route.path, route]);
const key = { 'idempotency-key': 'k1' };

describe('Idempotency-Key', () => {
  let bed: HttpTestbed;
  beforeEach(async () => {
    bed = await HttpTestbed.open();
  });
  afterEach(() => bed.close());

  it.each(posts)('belongs to one content of POST %s', async (path, { body }) => {
    const filled = path.replaceAll(/\{\w+\}/g, newId());
    const example = body?.kind === 'json' ? (body.example as object) : {};
    const first = await bed.post(filled, example, { headers: key });
    const again = await bed.post(filled, example, { headers: key });
    // Nothing is made twice, and a token is not shown twice.
    const made = path === '/api/tokens' ? 409 : 200;
    expect(again.status).toBe(first.status === 201 ? made : first.status);
    const other = await bed.post('/api/sessions', { title: 'Other' }, { headers: key });
    expect([other.status, other.body.code]).toEqual([422, 'SYNAPSE_HTTP_KEY_REUSED']);
    const token = await createToken(bed.store.tokens, ['write']);
    const own = await bed.post('/api/sessions', { title: 'Own' }, { headers: key, token });
    expect(own.status).toBe(201);
  });

  it('is free again a day later, and has at most 255 characters', async () => {
    expect((await bed.post('/api/sessions', { title: 'a' }, { headers: key })).status).toBe(201);
    const { receipts } = bed.store;
    const later = new Date(Date.now() + 1000);
    await receipts.keep({ tokenId: 't', key: 'x', fingerprint: 'x', at: later }, later);
    // The id that follows from the key stays, so this is the session of the first request.
    const { body } = await bed.post('/api/sessions', { title: 'b' }, { headers: key });
    expect(body.title).toBe('a');
    for (const wrong of ['', 'x'.repeat(256)]) {
      const headers = { 'idempotency-key': wrong };
      expect((await bed.post('/api/sessions', {}, { headers })).status).toBe(400);
    }
  });

  it('is the same at another address of the server', async () => {
    const first = await bed.post('/api/sessions', { title: 'a' }, { headers: key });
    const port = new URL(bed.url).port;
    const again = await fetch(`http://localhost:${port}/api/sessions`, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', authorization: `Bearer ${bed.token}` },
        ...key,
      },
      body: JSON.stringify({ title: 'a' }),
    });
    expect([again.status, await again.json()]).toEqual([200, first.body]);
  });

  it('adds the items of a conversation once, those that a broken request left out as well', async () => {
    const items = [
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: 'So.' },
    ];
    const count = async (id: unknown) => {
      const sessionId = (id as string).replace('conv_', '');
      return (await bed.store.sessions.messages(sessionId, { limit: 9 })).length;
    };
    const create = () => bed.post('/v1/conversations', { items }, { headers: key });
    const { id } = (await create()).body;
    expect(await count(id)).toBe(2);
    await bed.store.sessions.clear((id as unknown as string).replace('conv_', ''), null);
    expect((await create()).body.id).toBe(id);
    expect(await count(id)).toBe(2);
    const own = { headers: { 'idempotency-key': 'k2' } };
    const add = () =>
      bed.post(`/v1/conversations/${id as unknown as string}/items`, { items }, own);
    const added = await add();
    expect((await add()).body).toEqual(added.body);
    expect(await count(id)).toBe(4);
  });

  it('lets one of two forks at once happen', async () => {
    const { id } = await bed.store.sessions.create(aSession());
    const fork = () => bed.post(`/api/sessions/${id}/fork`, {}, { headers: key });
    const statuses = (await Promise.all([fork(), fork(), fork()])).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.every((status) => [200, 201, 409].includes(status))).toBe(true);
    expect((await bed.store.sessions.list({ limit: 10 })).items).toHaveLength(2);
  });

  it('says that its request is in progress, and takes it again after a failure', async () => {
    const { receipts } = bed.store;
    const { clock } = bed.app;
    const keyed = new KeyedRequests();
    const run = (handle: () => Promise<string>) =>
      keyed.run({ tokenId: 't', key: 'k', content: 'c' }, { receipts, clock }, handle);
    let fail: (error: Error) => void = () => undefined;
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const first = run(() => {
      begin();
      return new Promise((_, reject) => (fail = reject));
    });
    await begun;
    await expect(run(async () => 'second')).rejects.toMatchObject({ status: 409 });
    fail(new Error('broken'));
    await expect(first).rejects.toThrow('broken');
    expect(await run(async () => 'third')).toBe('third');
  });
});
