import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Conversation } from './conversation.ts';

const id = '0190a000-0000-7000-8000-000000000001';
const messagesFrom = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => ({
    ...{ id: `m${first + index}`, seq: first + index, turn: first + index, role: 'user' },
    ...{ parts: [{ type: 'text', text: 'Asked' }], status: 'complete', error: null },
  }));
const page = (first: number, last: number) => ({
  items: messagesFrom(first, last),
  ...{ olderCursor: first > 1 ? `before-${first}` : null, newerCursor: null },
});
const run = (name: string) => ({ id: name, sessionId: id, state: 'active' });

/** Waits until the promises that are settled have been heard. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a conversation', () => {
  const { fetch } = globalThis;
  /** The replies by method and address; a promise is one that takes its time. */
  let replies: Record<string, () => unknown>;
  let asked: string[];
  let conversation: Conversation;
  beforeEach(() => {
    asked = [];
    replies = {
      [`GET /api/sessions/${id}`]: () => ({ id }),
      [`GET /api/sessions/${id}/messages?limit=100`]: () => page(1, 3),
      [`GET /api/sessions/${id}/runs?limit=1`]: () => ({ items: [] }),
      [`GET /api/approvals?sessionId=${id}`]: () => ({ items: [] }),
      [`GET /api/sessions/${id}/context`]: () => ({}),
    };
    globalThis.fetch = async (address, { method = 'GET', signal } = {}) => {
      const name = `${method} ${address as string}`;
      asked.push(name);
      const aborted = new Promise((_, reject) => signal?.addEventListener('abort', reject));
      const reply = await Promise.race([replies[name]?.(), aborted]);
      return reply instanceof Response ? reply : Response.json(reply ?? {});
    };
    const ignore = () => undefined;
    const listening = { addEventListener: ignore, removeEventListener: ignore };
    Object.assign(globalThis, {
      document: { ...listening, visibilityState: 'visible' },
      requestAnimationFrame: (work: () => void) => setImmediate(work),
    });
    conversation = new Conversation(id);
  });
  afterEach(() => {
    conversation.close();
    globalThis.fetch = fetch;
    Reflect.deleteProperty(globalThis, 'document');
    Reflect.deleteProperty(globalThis, 'requestAnimationFrame');
  });

  it('has no gap when more was added meanwhile than a page holds', async () => {
    await conversation.load();
    replies[`POST /api/sessions/${id}/runs`] = () => ({ ...run('m250'), state: 'complete' });
    replies[`GET /api/sessions/${id}/messages?limit=100`] = () => page(151, 250);
    await conversation.ask({ id: 'm250', text: 'Asked' });
    expect(conversation.messages.value[0]?.seq).toBe(151);
    expect(conversation.hasOlder.value).toBe(true);
  });

  it('asks for a page once, however often the reader scrolls', async () => {
    replies[`GET /api/sessions/${id}/messages?limit=100`] = () => page(101, 200);
    await conversation.load();
    const older = `GET /api/sessions/${id}/messages?limit=100&cursor=before-101`;
    replies[older] = () => page(1, 100);
    await Promise.all([conversation.loadOlder(), conversation.loadOlder()]);
    expect(asked.filter((name) => name === older)).toHaveLength(1);
    expect(conversation.messages.value).toHaveLength(200);
  });

  it('keeps following the next run, which begins while the end of the last one is read', async () => {
    const ends = new Response('event: run-ended\ndata: {"outcome":"complete","error":null}\n\n');
    const never = new Promise(() => undefined);
    replies['GET /api/runs/first/events?after=0'] = () => ends;
    replies['GET /api/runs/second/events?after=0'] = () => never;
    replies[`POST /api/sessions/${id}/runs`] = () => run('first');
    await conversation.load();
    await conversation.ask({ id: 'first', text: 'Asked' });
    let letGo: (value: unknown) => void = () => undefined;
    replies[`GET /api/sessions/${id}`] = () => new Promise((resolve) => (letGo = resolve));
    const count = asked.length;
    while (asked.length === count || !asked.at(-1)!.endsWith(id)) await settle();
    replies[`GET /api/sessions/${id}`] = () => ({ id });
    replies[`POST /api/sessions/${id}/runs`] = () => run('second');
    await conversation.ask({ id: 'second', text: 'Asked' });
    letGo({ id });
    await settle();
    await settle();
    expect(conversation.run.value?.id).toBe('second');
  });
});
