import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/storage-memory';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { allowAll, FakeTools } from '@synapse/test/fakes/fake-tools';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import {
  InterruptedError,
  newId,
  SessionBusyError,
  SessionHeldError,
  StorageError,
  textOf,
  type Store,
  type StreamEvent,
} from '@synapse/core';
import type { TurnEvent } from '@synapse/core/conversation';
import type { Conversation } from './conversation.ts';
import { openConversation, type OpenConversationOptions } from './open-conversation.ts';

const idOf = (conversation: Conversation) => conversation.session!.id;
const answer = (words: string) => [text(words), turnEnd];
const calls = (name: string): StreamEvent[] => [
  { type: 'tool-call', id: '1', name, input: {} },
  { ...turnEnd, finishReason: { unified: 'tool-calls', raw: 'tool-calls' } } as StreamEvent,
];
const untilEnd = async (stream: AsyncGenerator<TurnEvent>) => {
  while (!(await stream.next()).done);
};
const untilText = async (stream: AsyncGenerator<TurnEvent>) => {
  for (;;) {
    const { value } = (await stream.next()) as { value: TurnEvent };
    if (value.type === 'text-delta') return;
  }
};

describe('openConversation', () => {
  let store: Store;
  beforeEach(() => {
    store = createMemoryStore();
  });
  const open = (provider: ScriptedProvider, options: Partial<OpenConversationOptions> = {}) =>
    openConversation({ store, provider, model: 'm', clock: new FakeClock(), ...options });
  const stored = async (id: string) =>
    (await store.sessions.messages(id, { limit: 100 })).map(
      ({ role, status, parts }) => `${role} ${status}: ${textOf(parts)}`,
    );

  it('sends a question, stores the answer, and sends both with the next question', async () => {
    const provider = new ScriptedProvider(answer('one'), answer('two'));
    const conversation = await open(provider, { systemPrompt: 'Count.' });
    expect(textOf((await conversation.send('first')).parts)).toBe('one');
    await conversation.send([{ type: 'text', text: 'second' }]);
    expect(provider.requests[1]).toMatchObject({
      model: 'm',
      systemPrompt: 'Count.',
      messages: ['first', 'one', 'second'].map((said) => ({ parts: [{ text: said }] })),
    });
    expect(await stored(idOf(conversation))).toEqual([
      'user complete: first',
      'assistant complete: one',
      'user complete: second',
      'assistant complete: two',
    ]);
    expect(await store.sessions.get(idOf(conversation))).toMatchObject({
      title: 'first',
      provider: 'scripted',
      model: 'm',
    });
    await conversation.close();
  });

  it('resumes a session by its name, or creates one with that name', async () => {
    const first = await open(new ScriptedProvider(answer('one')), { session: 'diary' });
    const id = idOf(first);
    await first.send('first');
    await first.close();
    const provider = new ScriptedProvider(answer('two'));
    const second = await open(provider, { session: 'diary', model: 'other' });
    await second.send('second');
    expect(idOf(second)).toBe(id);
    expect(provider.requests[0]?.messages).toHaveLength(3);
    const { handle, title, model } = (await store.sessions.get(id))!;
    expect({ handle, title, model }).toEqual({ handle: 'diary', title: 'first', model: 'other' });
    await second.close();
  });

  it('creates one session for a new name, however many callers open it at once', async () => {
    const opened = Array.from({ length: 8 }, () =>
      open(new ScriptedProvider(answer('one')), { session: 'diary' }),
    );
    const outcomes = await Promise.allSettled(opened);
    const codes = outcomes.map((outcome) =>
      outcome.status === 'fulfilled' ? 'open' : (outcome.reason as SessionHeldError).code,
    );
    expect(codes.sort()).toEqual([...Array<string>(7).fill('SYNAPSE_SESSION_HELD'), 'open']);
    expect((await store.sessions.list({ limit: 9 })).items).toHaveLength(1);
  });

  it('continues after the messages that another process wrote before it got the session', async () => {
    const { sessions } = store;
    const { id } = await sessions.create({ id: newId(), handle: 'diary', createdAt: new Date() });
    const acquire = sessions.acquireLease.bind(sessions);
    sessions.acquireLease = async (sessionId, request) => {
      await sessions.update(sessionId, { title: 'theirs', systemPrompt: 'Count.' });
      return acquire(sessionId, request);
    };
    const provider = new ScriptedProvider(answer('one'));
    const conversation = await open(provider, { session: 'diary' });
    await conversation.send('first');
    expect(provider.requests[0]).toMatchObject({ systemPrompt: 'Count.' });
    expect(await sessions.get(id)).toMatchObject({ title: 'theirs' });
    await conversation.close();
  });

  it('streams the answer, and stores the part received when the caller stops listening', async () => {
    const conversation = await open(new ScriptedProvider([text('o'), text('ne'), turnEnd]));
    for await (const event of conversation.ask('first')) if (event.type === 'text-delta') break;
    expect(await stored(idOf(conversation))).toEqual([
      'user complete: first',
      'assistant interrupted: o',
    ]);
    await conversation.close();
  });

  it('offers tools and by default allows only those that read', async () => {
    const read = new FakeTools({ look: () => 'seen' });
    const write = new FakeTools({ change: () => 'changed' }, 'write');
    const provider = new ScriptedProvider(calls('look'), calls('change'), answer('done'));
    const conversation = await open(provider, { tools: [read, write] });
    expect(textOf((await conversation.send('go')).parts)).toBe('done');
    expect(provider.requests[0]?.tools.map(({ name }) => name)).toEqual(['look', 'change']);
    expect(read.calls).toHaveLength(1);
    expect(write.calls).toHaveLength(0);
    expect(provider.requests[2]?.messages.at(-1)?.parts).toMatchObject([{ isError: true }]);
    await conversation.close();
  });

  it('lets an approver decide instead', async () => {
    const write = new FakeTools({ change: () => 'changed' }, 'write');
    const provider = new ScriptedProvider(calls('change'), answer('done'));
    const conversation = await open(provider, { tools: [write], approver: allowAll });
    await conversation.send('go');
    expect(write.calls).toHaveLength(1);
    await conversation.close();
  });

  it('rejects other changes while a turn is running', async () => {
    const conversation = await open(new ScriptedProvider(answer('one'), answer('two')));
    const stream = conversation.ask('first');
    await stream.next();
    await expect(conversation.send('second')).rejects.toThrow(SessionBusyError);
    await expect(conversation.clear()).rejects.toThrow(SessionBusyError);
    await expect(conversation.undo()).rejects.toThrow(SessionBusyError);
    await expect(conversation.chooseVariant(1)).rejects.toThrow(SessionBusyError);
    await stream.return(undefined);
    await conversation.send('third');
    await conversation.close();
  });

  it('creates no session before the first question', async () => {
    const conversation = await open(new ScriptedProvider(answer('one')));
    const signal = new AbortController().signal;
    await expect(untilEnd(conversation.retry())).rejects.toThrow('There is no question yet.');
    await expect(conversation.chooseVariant(1)).rejects.toThrow('There are no messages yet.');
    await expect(conversation.noteWriter()).rejects.toThrow('There are no messages yet.');
    await expect(conversation.summarise({ isForced: true, signal })).rejects.toThrow(
      'There are no messages yet.',
    );
    expect(await conversation.undo()).toEqual([]);
    await conversation.clear();
    expect((await store.sessions.list({ limit: 1 })).items).toEqual([]);
    await conversation.send('first');
    expect(conversation.session).toMatchObject({ title: 'first' });
    await conversation.close();
  });

  it('clears the messages and keeps the session', async () => {
    const provider = new ScriptedProvider(answer('one'), answer('two'));
    const conversation = await open(provider);
    await conversation.send('first');
    await conversation.clear();
    expect(await stored(idOf(conversation))).toEqual([]);
    await conversation.send('second');
    expect(provider.requests[1]?.messages).toHaveLength(1);
    await conversation.close();
  });

  it('holds the session until it is closed', async () => {
    const first = await open(new ScriptedProvider(), { session: 'diary' });
    const again = () => open(new ScriptedProvider(), { session: 'diary' });
    await expect(again()).rejects.toThrow(SessionHeldError);
    await first.close();
    await (await again()).close();
  });

  it('changes nothing in a session that another process holds', async () => {
    const first = await open(new ScriptedProvider(), { session: 'diary' });
    const again = open(new ScriptedProvider(), { session: 'diary', model: 'other' });
    await expect(again).rejects.toThrow(SessionHeldError);
    expect(await store.sessions.get(idOf(first))).toMatchObject({ model: 'm' });
    await first.close();
  });

  it('releases a session that it cannot change', async () => {
    await (await open(new ScriptedProvider(), { session: 'diary' })).close();
    const update = store.sessions.update.bind(store.sessions);
    const failure = new StorageError('Disk full.', { reason: 'full' });
    store.sessions.update = () => Promise.reject(failure);
    const other = { session: 'diary', model: 'other' };
    await expect(open(new ScriptedProvider(), other)).rejects.toBe(failure);
    store.sessions.update = update;
    await (await open(new ScriptedProvider(), other)).close();
  });

  it('stops an answer when it is closed, keeps the part received, and accepts no more questions', async () => {
    const silence = (signal: AbortSignal) =>
      new Promise<void>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      );
    const provider = new ScriptedProvider([text('o'), silence]);
    const conversation = await open(provider, { session: 'diary' });
    const id = idOf(conversation);
    const stream = conversation.ask('first');
    await untilText(stream);
    const waiting = stream.next();
    await Promise.all([expect(waiting).rejects.toThrow(InterruptedError), conversation.close()]);
    expect(await stored(id)).toEqual(['user complete: first', 'assistant interrupted: o']);
    await expect(conversation.send('second')).rejects.toThrow(InterruptedError);
  });

  it('stores the part received when it is closed between two events, and tells the caller', async () => {
    const provider = new ScriptedProvider([text('o'), text('ne'), turnEnd]);
    const conversation = await open(provider, { session: 'diary' });
    const id = idOf(conversation);
    const stream = conversation.ask('first');
    await untilText(stream);
    await conversation.close();
    expect(await stored(id)).toEqual(['user complete: first', 'assistant interrupted: o']);
    await expect(stream.next()).rejects.toThrow(InterruptedError);
  });

  it('stops when the signal of the caller aborts', async () => {
    const controller = new AbortController();
    const conversation = await open(
      new ScriptedProvider([text('o'), () => controller.abort(), text('ne')], answer('two')),
    );
    await expect(conversation.send('first', { signal: controller.signal })).rejects.toThrow(
      InterruptedError,
    );
    await conversation.send('second');
    await conversation.close();
  });

  it('does not send an answer that could not be stored', async () => {
    const failure = new StorageError('Disk full.', { reason: 'full' });
    const append = store.sessions.append.bind(store.sessions);
    store.sessions.append = async (id, messages, lease) => {
      if (messages[0]?.role === 'assistant') throw failure;
      return append(id, messages, lease);
    };
    const conversation = await open(new ScriptedProvider(answer('one')));
    await expect(conversation.send('first')).rejects.toBe(failure);
    await conversation.close();
  });

  it('asks the same or an edited question again, and keeps the earlier turns as variants', async () => {
    const answers = ['one', 'two', 'three'].map((words) => answer(words));
    const conversation = await open(new ScriptedProvider(...answers));
    await conversation.send('first');
    await untilEnd(conversation.retry());
    await untilEnd(conversation.edit('other'));
    expect(await stored(idOf(conversation))).toEqual([
      'user complete: other',
      'assistant complete: three',
    ]);
    const variants = await conversation.variants();
    expect(
      variants.map(({ question, last }) => [question, last].map((one) => textOf(one!.parts))),
    ).toEqual([
      ['first', 'one'],
      ['first', 'two'],
      ['other', 'three'],
    ]);
    await conversation.undo();
    expect(await stored(idOf(conversation))).toEqual([]);
    expect(await conversation.redo()).toBe(true);
    expect(await stored(idOf(conversation))).toHaveLength(2);
    await conversation.close();
  });

  it('continues with a copy, and releases the original', async () => {
    const conversation = await open(new ScriptedProvider(answer('one'), answer('two')));
    await conversation.send('first');
    const original = idOf(conversation);
    await conversation.fork('copy');
    await conversation.send('second');
    expect(await stored(original)).toHaveLength(2);
    expect(await stored(idOf(conversation))).toHaveLength(4);
    const other = await open(new ScriptedProvider(answer('three')), { session: original });
    await other.close();
    await conversation.close();
  });

  it('waits for a session that another process holds, if the caller wants that', async () => {
    const clock = new FakeClock();
    const holder = await open(new ScriptedProvider(answer('one')), { session: 'diary' });
    const session = (await holder.send('first'), holder.session!);
    const waiting = await open(new ScriptedProvider(answer('two')), { clock });
    const progress = { isOpen: false };
    const opened = waiting
      .open(session, { onHeld: async () => 'wait' })
      .then(() => (progress.isOpen = true));
    await clock.advance(10_000);
    expect(progress.isOpen).toBe(false);
    await holder.close();
    while (!progress.isOpen) await clock.advance(500);
    await opened;
    expect(idOf(waiting)).toBe(session.id);
    await waiting.close();
  });
});
