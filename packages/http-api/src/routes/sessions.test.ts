import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@synapse/core';
import { HttpTestbed } from '@synapse/test/support/http-testbed';
import { aLeaseRequest, aMessage, anAnswer, aSession, at } from '@synapse/test/support/samples';

let bed: HttpTestbed;
beforeEach(async () => {
  bed = await HttpTestbed.open();
});
afterEach(() => bed.close());

/** A session with two turns. */
async function storeTwoTurns(): Promise<string> {
  const { id } = await bed.store.sessions.create(aSession({ title: 'Trip' }));
  for (const text of ['train', 'plane']) {
    const turn = [aMessage(`By ${text}?`), anAnswer(`Take the ${text}.`)];
    await bed.store.sessions.append(id, turn, null);
  }
  return id;
}

describe('a session over HTTP', () => {
  it('is created once for an id, however often the request is repeated', async () => {
    const id = newId();
    const first = await bed.post('/api/sessions', { id, title: ' Trip ', tags: ['travel'] });
    expect(first.status).toBe(201);
    expect(first.headers.get('location')).toBe(`/api/sessions/${id}`);
    expect(first.body).toMatchObject({ id, title: 'Trip', tags: ['travel'] });
    const second = await bed.post('/api/sessions', { id, title: 'Trip' });
    expect([second.status, second.body]).toEqual([200, first.body]);
    const both = await Promise.all([
      bed.post('/api/sessions', { id: exampleTwin }),
      bed.post('/api/sessions', { id: exampleTwin }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect((await bed.get('/api/sessions')).body.items).toHaveLength(2);
  });

  it('is created once for an Idempotency-Key', async () => {
    const ask = (key: string) =>
      bed.post('/api/sessions', { title: 'Trip' }, { headers: { 'idempotency-key': key } });
    const first = await ask('one');
    const again = await ask('one');
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    expect((await ask('two')).body.id).not.toBe(first.body.id);
    expect((await ask('x'.repeat(256))).status).toBe(400);
  });

  it('is refused under a handle that another session has, and under a reserved one', async () => {
    await bed.post('/api/sessions', { handle: 'trip' });
    const taken = await bed.post('/api/sessions', { handle: 'trip' });
    expect([taken.status, taken.body.code]).toEqual([409, 'SYNAPSE_SESSION_CONFLICT']);
    const reserved = await bed.post('/api/sessions', { handle: 'last' });
    expect([reserved.status, reserved.body.code]).toEqual([400, 'SYNAPSE_USAGE']);
  });

  it('is changed only while it is as the caller knows it', async () => {
    const { body, headers } = await bed.post('/api/sessions', { title: 'Trip' });
    const path = `/api/sessions/${body.id as unknown as string}`;
    const etag = headers.get('etag')!;
    const change = (title: string, tag: string) =>
      bed.ask('PATCH', path, { json: { title }, headers: { 'if-match': tag } });
    const changed = await change('Lisbon', etag);
    expect([changed.status, changed.body.title]).toEqual([200, 'Lisbon']);
    const late = await change('Porto', etag);
    expect(late.status).toBe(412);
    expect((await change('Porto', '"made-up"')).status).toBe(412);
    expect(late.body.code).toBe('SYNAPSE_SESSION_CHANGED');
    expect((await bed.get(path)).body.title).toBe('Lisbon');
    expect((await change('Porto', changed.headers.get('etag')!)).status).toBe(200);
  });

  it('keeps the agent that it began with when its metadata changes', async () => {
    const agent = { name: 'reviewer', tools: ['read'] };
    const { id } = await bed.store.sessions.create(aSession({ metadata: { agent, topic: 'a' } }));
    for (const metadata of [{ topic: 'b' }, { topic: 'b', agent: { tools: null } }]) {
      await bed.ask('PATCH', `/api/sessions/${id}`, { json: { metadata } });
      expect((await bed.store.sessions.get(id))?.metadata).toEqual({ agent, topic: 'b' });
    }
  });

  it('has another ETag after a message, and is not sent again without a change', async () => {
    const id = await storeTwoTurns();
    const path = `/api/sessions/${id}`;
    const etag = (await bed.get(path)).headers.get('etag')!;
    const headers = { 'if-none-match': `"other", ${etag}` };
    expect((await bed.get(path, { headers })).status).toBe(304);
    await bed.store.sessions.append(id, [aMessage('By bus?')], null);
    expect((await bed.get(path, { headers })).status).toBe(200);
  });

  it('goes to the trash, comes back, and is purged only from the trash', async () => {
    const id = await storeTwoTurns();
    const path = `/api/sessions/${id}`;
    expect((await bed.ask('DELETE', path)).status).toBe(409);
    for (let count = 0; count < 2; count += 1) {
      const { status, body } = await bed.ask('POST', `${path}/trash`);
      expect([status, typeof body.deletedAt]).toEqual([200, 'string']);
    }
    expect((await bed.get('/api/sessions')).body.items).toEqual([]);
    expect((await bed.get('/api/sessions?trashed=true')).body.items).toHaveLength(1);
    expect((await bed.ask('POST', `${path}/undo`, { json: { turn: 2 } })).status).toBe(410);
    expect((await bed.ask('POST', `${path}/restore`)).body.deletedAt).toBeNull();
    await bed.ask('POST', `${path}/trash`);
    expect((await bed.ask('DELETE', path)).status).toBe(204);
    expect((await bed.get(path)).status).toBe(404);
  });

  it('is not trashed while another process has it open, and the reply names the process', async () => {
    const id = await storeTwoTurns();
    const lease = await bed.store.sessions.acquireLease(id, aLeaseRequest());
    const { status, body } = await bed.ask('POST', `/api/sessions/${id}/trash`);
    expect([status, body.code]).toEqual([409, 'SYNAPSE_SESSION_HELD']);
    expect(body.holder).toMatchObject({ host: lease.holder.host, pid: lease.holder.pid });
  });

  it('loses one turn, however often the undo of this turn is repeated', async () => {
    const id = await storeTwoTurns();
    const undo = (turn: number) => bed.post(`/api/sessions/${id}/undo`, { turn });
    const first = await undo(2);
    expect(first.body.messages).toHaveLength(2);
    expect(first.body.session).toMatchObject({ messageCount: 2 });
    expect((await undo(2)).body.messages).toEqual([]);
    expect((await bed.get(`/api/sessions/${id}/messages`)).body.items).toHaveLength(2);
    await bed.store.sessions.append(id, [aMessage('By bus?')], null);
    expect((await undo(1)).status).toBe(400);
  });

  it('is copied once for an id, up to a message', async () => {
    const id = await storeTwoTurns();
    const [, answer] = await bed.store.sessions.messages(id, { limit: 10 });
    const fork = { id: newId(), throughMessageId: answer!.id, title: 'By train' };
    const first = await bed.post(`/api/sessions/${id}/fork`, fork);
    expect([first.status, first.body.messageCount]).toEqual([201, 2]);
    expect(first.body.forkedFrom).toEqual({ sessionId: id, messageId: answer!.id });
    expect((await bed.post(`/api/sessions/${id}/fork`, fork)).status).toBe(200);
    expect((await bed.post(`/api/sessions/${id}/fork`, { id })).status).toBe(409);
    const unknown = await bed.post(`/api/sessions/${id}/fork`, { throughMessageId: newId() });
    expect([unknown.status, unknown.body.code]).toEqual([404, 'SYNAPSE_MESSAGE_NOT_FOUND']);
  });
});

describe('the list of sessions', () => {
  it('is read to its end by its cursors', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 7; count += 1) {
      const session = aSession({ createdAt: at(count) });
      ids.unshift((await bed.store.sessions.create(session)).id);
    }
    const found: unknown[] = [];
    let cursor = '';
    do {
      const { body } = await bed.get(`/api/sessions?limit=3${cursor}`);
      for (const { id } of body.items as unknown as { id: string }[]) found.push(id);
      const next = body.nextCursor as unknown as string | null;
      cursor = next === null ? '' : `&cursor=${next}`;
    } while (cursor !== '');
    expect(found).toEqual(ids);
    expect((await bed.get('/api/sessions?cursor=made-up')).status).toBe(422);
  });

  it.each([
    ['text=lisb', ['a']],
    ['tag=work', ['b']],
    ['provider=demo&model=echo&archived=any', ['c']],
    ['pinned=true', ['b']],
    ['archived=true', ['c']],
    ['archived=any&pinned=false', ['c', 'a']],
    ['since=2026-03-02&archived=any', ['c', 'b']],
    ['before=2026-03-02', ['a']],
    ['origin=codex', []],
  ])('takes the filter %s', async (query, expected) => {
    const day = (count: number) => at(count * 86_400);
    const { sessions } = bed.store;
    await sessions.create(aSession({ handle: 'a', title: 'Lisbon', createdAt: day(0) }));
    await sessions.create(
      aSession({ handle: 'b', tags: ['work'], pinned: true, createdAt: day(2) }),
    );
    const model = { provider: 'demo', model: 'echo', archived: true };
    await sessions.create(aSession({ handle: 'c', ...model, createdAt: day(3) }));
    const { body } = await bed.get(`/api/sessions?${query}`);
    const items = body.items as unknown as { handle: string }[];
    expect(items.map(({ handle }) => handle)).toEqual(expected);
  });

  it.each(['limit=0', 'limit=501', 'limit=x', 'limit=1&limit=2', 'pinned=yes', 'since=once'])(
    'refuses %s',
    async (query) => {
      expect((await bed.get(`/api/sessions?${query}`)).status).toBe(400);
    },
  );
});

const exampleTwin = newId();
