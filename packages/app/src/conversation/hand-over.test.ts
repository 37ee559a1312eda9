import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Store } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { appWith } from '@synapse/test/support/run-testbed';
import { aSession } from '@synapse/test/support/samples';
import { Conversation } from './conversation.ts';

describe('a session that two conversations continue', () => {
  let store: Store;
  let open: Conversation[];
  beforeEach(() => {
    store = createMemoryStore();
    open = [];
  });
  afterEach(async () => {
    for (const one of open) await one.close();
  });

  const converse = async (...answers: string[]) => {
    const provider = new ScriptedProvider(...answers.map((answer) => [text(answer), turnEnd]));
    const app = await appWith(provider);
    const model = await app.openModel({ provider: 'demo', model: 'demo' });
    const agent = { tools: undefined, endSession: () => undefined };
    const conversation = new Conversation(app, { store, model, agent });
    open.push(conversation);
    return { conversation, provider };
  };

  it('is handed over by an idle holder, taken back later, and has the messages of both', async () => {
    const session = await store.sessions.create(aSession({ provider: 'demo' }));
    const first = await converse('one', 'three');
    const second = await converse('two');
    await first.conversation.open(session);
    await first.conversation.send('first');
    const idle = new AbortController();
    const handedOver = first.conversation.handOverWhenAsked(idle.signal);
    await second.conversation.open(session, { patienceMs: 60_000 });
    expect(await handedOver).toBe(true);
    expect(first.conversation).toMatchObject({ isHandedOver: true, isReadOnly: true });
    await second.conversation.send('second');

    const back = first.conversation.takeBack({ patienceMs: 60_000 });
    expect(await second.conversation.handOverWhenAsked(idle.signal)).toBe(true);
    const known = await back;
    expect(first.conversation.isHandedOver).toBe(false);
    await first.conversation.send('third');
    const messages = await store.sessions.messages(session.id, { limit: 9 });
    expect(messages.map(({ seq }) => seq > known)).toEqual([
      ...[false, false, true, true, true, true],
    ]);
    expect(first.provider.requests[1]?.messages).toHaveLength(5);
  });

  it('is lost by an idle holder when it is taken over, and refused to it while it is in use', async () => {
    const session = await store.sessions.create(aSession({ provider: 'demo' }));
    const first = (await converse('one')).conversation;
    const second = (await converse()).conversation;
    await first.open(session);
    await second.open(session, { isTakenOver: true });
    expect(await first.handOverWhenAsked(new AbortController().signal)).toBe(true);
    await expect(first.takeBack({ patienceMs: 0 })).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_HELD',
    });
    expect(first).toMatchObject({ isHandedOver: true, session: { id: session.id } });
    await second.close();
    await first.send('used at once, because it is free');
    expect(first.isHandedOver).toBe(false);
  });

  it('is kept when nobody asks, or when the wait ends first', async () => {
    const session = await store.sessions.create(aSession({ provider: 'demo' }));
    const { conversation } = await converse();
    await conversation.open(session);
    const idle = new AbortController();
    const handedOver = conversation.handOverWhenAsked(idle.signal);
    idle.abort();
    expect(await handedOver).toBe(false);
    const { lease } = await conversation.use();
    await store.sessions.requestHandOver(session.id, lease.token);
    expect(await conversation.handOverWhenAsked(AbortSignal.abort())).toBe(false);
    expect(conversation.isReadOnly).toBe(false);
  });
});
