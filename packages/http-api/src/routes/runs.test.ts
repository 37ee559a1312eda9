import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { newId, textOf, type StreamEvent } from '@synapse/core';
import { createToken, HttpTestbed } from '@synapse/test/support/http-testbed';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { appWith } from '@synapse/test/support/run-testbed';
import { aLeaseRequest, aSession } from '@synapse/test/support/samples';

let bed: HttpTestbed;
afterEach(() => bed.close());

const hang = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });

async function open(...script: ConstructorParameters<typeof ScriptedProvider>) {
  const app = await appWith(new ScriptedProvider(...script));
  const changeApp = (given: typeof app) => ({ ...given, ...app, places: given.places });
  bed = await HttpTestbed.open({ changeApp, limits: { stopMs: 100 } });
  return (await bed.store.sessions.create(aSession({ provider: 'demo' }))).id;
}

async function start(sessionId: string, body: object = {}, id = newId()) {
  return bed.post(`/api/sessions/${sessionId}/runs`, { id, text: 'q', ...body });
}

async function untilFree<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch {
      await setImmediate();
    }
  }
}

/** The events of a stream that ends. */
function eventsIn(stream: unknown) {
  return String(stream)
    .split('\n\n')
    .flatMap((frame) => {
      const lines = new Map(
        frame.split('\n').map((line): [string, string] => {
          const [name = '', ...rest] = line.split(': ');
          return [name, rest.join(': ')];
        }),
      );
      const type = lines.get('event');
      return type === undefined ? [] : [{ id: Number(lines.get('id')), type }];
    });
}

describe('runs over HTTP', () => {
  it('store the question first, answer without a connection, and are followed from any event', async () => {
    const sessionId = await open([text('yes'), turnEnd]);
    const id = newId();
    const begun = await start(sessionId, {}, id);
    expect(begun.status).toBe(202);
    expect(begun.headers.get('location')).toBe(`/api/runs/${id}`);
    expect((await bed.store.sessions.message(sessionId, id))?.role).toBe('user');
    const stream = await bed.get(`/api/runs/${id}/events`);
    expect(stream.headers.get('cache-control')).toContain('no-transform');
    const all = eventsIn(stream.body);
    expect(all.map(({ id: position }) => position)).toEqual(all.map((_, index) => index + 1));
    expect(all.at(-1)?.type).toBe('run-ended');
    for (let cut = 0; cut < all.length; cut += 1) {
      const headers = { 'last-event-id': String(cut) };
      const rest = await bed.get(`/api/runs/${id}/events`, { headers });
      expect(eventsIn(rest.body)).toEqual(all.slice(cut));
    }
    expect((await bed.get(`/api/runs/${id}/events?after=${all.length}`)).status).toBe(204);
    expect((await bed.get(`/api/runs/${id}`)).body).toMatchObject({ state: 'complete' });
    expect((await start(sessionId, {}, id)).body).toMatchObject({ id, state: 'complete' });
    expect((await start(sessionId, { text: 'other' }, id)).status).toBe(422);
    expect((await bed.get(`/api/sessions/${sessionId}/runs`)).body.items).toHaveLength(1);
  });

  it('refuse a second run of the session until the first is cancelled', async () => {
    const sessionId = await open([text('half'), hang]);
    const { body } = await start(sessionId);
    const id = body.id as unknown as string;
    expect((await start(sessionId)).status).toBe(409);
    expect((await bed.post(`/api/runs/${id}/cancel`, undefined)).status).toBe(202);
    const events = eventsIn((await bed.get(`/api/runs/${id}/events`)).body);
    expect(events.at(-1)?.type).toBe('run-ended');
    expect((await bed.get(`/api/runs/${id}`)).body).toMatchObject({ state: 'cancelled' });
    const [, answer] = await bed.store.sessions.messages(sessionId, { limit: 9 });
    expect([answer?.status, textOf(answer!.parts)]).toEqual(['interrupted', 'half']);
  });

  it('show the messages of the turn to a reader whose events are gone', async () => {
    const sessionId = await open([text('yes'), turnEnd]);
    const id = (await start(sessionId)).body.id as unknown as string;
    await bed.get(`/api/runs/${id}/events`);
    await bed.store.runs.prune(new Date(Date.now() + 60_000));
    const { body } = await bed.get(`/api/runs/${id}/events`);
    expect(body as unknown as string).toMatch(/event: reset\ndata: .*"yes"/);
  });

  it('say goodbye to their readers when the server stops', async () => {
    const sessionId = await open([text('half'), hang]);
    const id = (await start(sessionId)).body.id as unknown as string;
    const headers = { authorization: `Bearer ${bed.token}` };
    const stream = await fetch(new URL(`/api/runs/${id}/events`, bed.url), { headers });
    const stopped = bed.stop();
    expect(eventsIn(await stream.text()).at(-1)?.type).toBe('bye');
    await stopped;
    expect(await bed.store.runs.get(id)).toMatchObject({ outcome: 'interrupted' });
  });

  it('wait for the active run of the session, if they are asked to', async () => {
    const sessionId = await open([text('half'), hang], [text('next'), turnEnd]);
    const id = (await start(sessionId)).body.id as unknown as string;
    const refused = await start(sessionId, { takeOver: true });
    expect([refused.status, refused.body]).toMatchObject([409, { run: id }]);
    const queued = start(sessionId, { waitSeconds: 60 });
    await bed.post(`/api/runs/${id}/cancel`, undefined);
    expect((await queued).status).toBe(202);
  });

  it('continue here what another process has open, if it hands the session over or has to', async () => {
    const sessionId = await open(...Array.from({ length: 2 }, () => [text('yes'), turnEnd]));
    const { sessions } = bed.store;
    const first = await sessions.acquireLease(sessionId, aLeaseRequest());
    const refused = await start(sessionId);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ holder: { pid: first.holder.pid } });
    expect(refused.body.hint).toContain('fork');
    expect(await sessions.leaseState(first)).toBe('held');
    const waiting = start(sessionId, { waitSeconds: 60 });
    while ((await sessions.leaseState(first)) !== 'requested') await setImmediate();
    await sessions.releaseLease(first);
    const begun = await waiting;
    expect(begun.status).toBe(202);
    await bed.get(`/api/runs/${begun.body.id as unknown as string}/events`);

    const second = await untilFree(() => sessions.acquireLease(sessionId, aLeaseRequest()));
    expect((await start(sessionId, { takeOver: true })).status).toBe(202);
    expect(await sessions.leaseState(second)).toBe('lost');
  });

  it('need the scope "tools" for tools', async () => {
    const sessionId = await open();
    const token = await createToken(bed.store.tokens, ['read', 'write']);
    const path = `/api/sessions/${sessionId}/runs`;
    const json = { id: newId(), text: 'q', tools: 'read' };
    expect((await bed.post(path, json, { token })).status).toBe(403);
  });
});

describe('approvals over HTTP', () => {
  it('take the first decision, and refuse another, an unknown one and a late one', async () => {
    const sessionId = await open([] as StreamEvent[]);
    const openedAt = new Date();
    const add = async (expiresMs: number) => {
      const { id } = await bed.store.approvals.open({
        ...{ id: newId(), sessionId, runId: null, callId: 'c', openedAt },
        expiresAt: new Date(openedAt.getTime() + expiresMs),
        question: {
          ...{ tool: 't', effect: 'write', details: [], warnings: [], reason: 'r' },
          ...{ isInsisted: false, rules: [], askRule: null },
        },
      });
      return id;
    };
    const id = await add(60_000);
    const decide = (one: string, answer: string, token?: string) =>
      bed.post(`/api/approvals/${one}/decision`, { answer }, token === undefined ? {} : { token });
    expect((await bed.get('/api/approvals')).body.items).toMatchObject([{ id }]);
    const token = await createToken(bed.store.tokens, ['read', 'tools']);
    expect((await decide(id, 'always', token)).status).toBe(403);
    expect((await decide(id, 'once', token)).body).toMatchObject({ answer: 'once' });
    expect((await decide(id, 'once')).status).toBe(200);
    expect((await decide(id, 'no')).status).toBe(409);
    expect((await decide(newId(), 'no')).status).toBe(404);
    expect((await decide(await add(0), 'once')).status).toBe(409);
    expect((await bed.get(`/api/approvals?sessionId=${newId()}`)).body.items).toEqual([]);
  });
});
