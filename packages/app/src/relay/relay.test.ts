import { beforeEach, describe, expect, it } from '@jest/globals';
import { defaultSettings, findPlaces } from '@synapse/config';
import { InterruptedError, silentLogger, textOf, type Part, type StreamEvent } from '@synapse/core';
import type { TurnEvent } from '@synapse/core/conversation';
import { createMemoryStore } from '@synapse/storage-memory';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import type { OpenModel } from '../wiring.ts';
import { relay, type Relayed } from './relay.ts';
import type { RelayApp, RelayOptions } from './relay-options.ts';
import { emptyRequest, type ClientMarks, type RelayedMessage } from './relayed-request.ts';

let store: ReturnType<typeof createMemoryStore>;
beforeEach(() => {
  store = createMemoryStore();
});

const clock = new FakeClock();
const settings = defaultSettings();
const app: RelayApp = {
  ...{ settings, clock, logger: silentLogger, here: '/projects', places: findPlaces({}) },
  openModel: async () => Promise.reject(new Error('Only one model is open.')),
  openMemoryStore: async () => createMemoryStore(),
};
const noMarks: ClientMarks = { session: null, aliases: [], client: null, namesAnswers: false };
const marked = (value: string): ClientMarks => ({
  ...{ ...noMarks, aliases: [{ kind: 'session-id', value }], client: 'codex' },
});

const user = (said: string): RelayedMessage => ({ role: 'user', parts: [part(said)] });
const assistant = (said: string): RelayedMessage => ({ role: 'assistant', parts: [part(said)] });
const part = (said: string): Part => ({ type: 'text', text: said });
const answer = (said: string): StreamEvent[] => [text(said), turnEnd];
const call: StreamEvent = { type: 'tool-call', id: 'c1', name: 'read', input: { path: 'a' } };
const calls: StreamEvent[] = [
  call,
  { ...turnEnd, finishReason: { unified: 'tool-calls', raw: null } } as StreamEvent,
];
const result: RelayedMessage = {
  role: 'tool',
  parts: [{ type: 'tool-result', id: 'other', name: 'read', output: ' 42\n', isError: false }],
};

function start(
  script: (StreamEvent | Error | (() => void))[],
  messages: RelayedMessage[],
  options: Partial<RelayOptions> & { systemPrompt?: string } = {},
) {
  const provider = new ScriptedProvider(script);
  const setup = {
    ...{ name: 'scripted', model: 'm', dialect: 'openai-chat', isLocal: false, baseUrl: null },
    ...{ apiKey: null, keySource: null, headers: {}, quirks: {}, idleTimeoutMs: null },
    ...{ maxOutputTokens: null, temperature: null, contextTokens: null },
  } as OpenModel['setup'];
  const { systemPrompt = null, ...rest } = options;
  const asked = relay({
    ...{ app, store, model: { setup, provider }, marks: noMarks, continues: null, keeps: true },
    ...{ signal: new AbortController().signal },
    request: { ...emptyRequest(), messages, systemPrompt },
    ...rest,
  });
  return { asked, provider };
}

async function ask(...given: Parameters<typeof start>) {
  const { asked, provider } = start(...given);
  const relayed = await asked;
  const events = await readAll(relayed);
  return { ...relayed, events, request: provider.requests[0] };
}

async function readAll({ events }: Relayed): Promise<TurnEvent[]> {
  const all: TurnEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

async function stored(sessionId: string | null, turns: 'active' | 'all' = 'active') {
  const messages = await store.sessions.messages(sessionId ?? '', { limit: 50, turns });
  return messages.map(({ role, parts, status }) =>
    [role, status === 'complete' ? '' : status, textOf(parts)].filter(Boolean).join(' '),
  );
}

describe('a conversation that a client repeats', () => {
  it('is one session over three turns with tools, each message stored once', async () => {
    const first = await ask(calls, [user('Read a.')], { systemPrompt: 'Today is Monday.' });
    const asked = { role: 'assistant' as const, parts: [call as Part] };
    const second = await ask(answer('It is 42.'), [user('Read a. '), asked, result], {
      systemPrompt: 'Today is Tuesday.',
    });
    const history = [user('Read a.'), asked, result, assistant('It is 42.')];
    const third = await ask(answer('Yes.'), [...history, user('Sure?')]);
    expect(second.sessionId).toBe(first.sessionId);
    expect(third.sessionId).toBe(first.sessionId);
    expect(await stored(first.sessionId)).toEqual([
      ...['user Read a.', 'assistant', 'tool', 'assistant It is 42.'],
      ...['user Sure?', 'assistant Yes.'],
    ]);
    expect(third.request?.messages).toHaveLength(5);
    expect(await store.sessions.get(first.sessionId ?? '')).toMatchObject({
      ...{ title: 'Read a.', tags: ['api'], turnCount: 2, systemPrompt: 'Today is Monday.' },
    });
  });

  it('becomes a fork where the client changed it', async () => {
    const first = await ask(answer('One.'), [user('First')]);
    const history = [user('First'), assistant('One.')];
    await ask(answer('Two.'), [...history, user('Second')]);
    const forked = await ask(answer('Other.'), [...history, user('Changed')]);
    expect(forked.sessionId).not.toBe(first.sessionId);
    expect(await stored(forked.sessionId)).toEqual([
      ...['user First', 'assistant One.', 'user Changed', 'assistant Other.'],
    ]);
    const next = [...history, user('Changed'), assistant('Other.'), user('Third')];
    const continued = await ask(answer('Three.'), next);
    expect(continued.sessionId).toBe(forked.sessionId);
    expect(await stored(first.sessionId)).toHaveLength(4);
  });

  it('keeps both answers if the last question is asked again', async () => {
    const history = [user('First'), assistant('One.')];
    const first = await ask(answer('One.'), [user('First')]);
    await ask(answer('Two.'), [...history, user('Second')]);
    const again = await ask(answer('Deux.'), [...history, user('Second')]);
    expect(again.sessionId).toBe(first.sessionId);
    expect(await stored(first.sessionId)).toEqual([
      ...['user First', 'assistant One.', 'user Second', 'assistant Deux.'],
    ]);
    expect(await stored(first.sessionId, 'all')).toHaveLength(6);
  });

  it('is stored whole if it began elsewhere, and the next request finds it', async () => {
    const history = [user('Old'), assistant('Older.'), user('New')];
    const first = await ask(answer('Newer.'), history);
    const next = await ask(answer('Newest.'), [...history, assistant('Newer.'), user('Next')]);
    expect(next.sessionId).toBe(first.sessionId);
    expect(await stored(first.sessionId)).toHaveLength(6);
    const edited = await ask(answer('E.'), [user('Old'), assistant('Older.'), user('Edited')]);
    expect(await stored(edited.sessionId)).toEqual([
      ...['user Old', 'assistant Older.', 'user Edited', 'assistant E.'],
    ]);
    expect(await store.sessions.get(edited.sessionId ?? '')).toMatchObject({
      forkedFrom: { sessionId: first.sessionId },
    });
  });

  it('is another session for another client with the same words', async () => {
    const first = await ask(answer('Hello.'), [user('Hi')], { marks: marked('a') });
    const history = [user('Hi'), assistant('Hello.'), user('More')];
    const other = await ask(answer('Ok.'), history, { marks: marked('b') });
    expect(other.sessionId).not.toBe(first.sessionId);
    expect((await store.sessions.get(first.sessionId ?? ''))?.metadata).toEqual({
      client: 'codex',
    });
  });

  it('continues the session of its mark when the client has shortened it', async () => {
    const marks = marked('a');
    const first = await ask(answer('One.'), [user('First')], { marks });
    const shortened = [user('A summary of all'), assistant('I see.'), user('Second')];
    const second = await ask(answer('Two.'), shortened, { marks });
    expect(second.sessionId).toBe(first.sessionId);
    expect(await stored(first.sessionId)).toEqual([
      ...['user First', 'assistant One.', 'user Second', 'assistant Two.'],
    ]);
    expect(second.request?.messages).toHaveLength(3);
  });

  it('begins another session under a name that the client gives to all of them', async () => {
    const aliases = [{ kind: 'prompt_cache_key', value: 'app', isWeak: true as const }];
    const marks = { ...noMarks, aliases };
    const first = await ask(answer('One.'), [user('First')], { marks });
    const other = await ask(answer('Two.'), [user('Other')], { marks });
    expect(other.sessionId).not.toBe(first.sessionId);
    const history = [user('First'), assistant('One.'), user('More')];
    expect((await ask(answer('Ok.'), history, { marks })).sessionId).toBe(first.sessionId);
  });

  it('goes on in the session that the client names, or in a new one of that name', async () => {
    const marks = { ...noMarks, session: 'diary' };
    const first = await ask(answer('One.'), [user('First')], { marks });
    const second = await ask(answer('Two.'), [user('First'), assistant('One.'), user('2')], {
      marks,
    });
    expect(second.sessionId).toBe(first.sessionId);
    expect(await store.sessions.get(first.sessionId ?? '')).toMatchObject({ handle: 'diary' });
    const byId = { ...noMarks, session: first.sessionId };
    const history = [user('First'), assistant('One.'), user('2'), assistant('Two.'), user('3')];
    expect((await ask(answer('3.'), history, { marks: byId })).sessionId).toBe(first.sessionId);
  });
});

describe('a concurrent request', () => {
  it('continues in a copy, because clients cannot handle a conflict', async () => {
    const first = await ask(answer('One.'), [user('First')]);
    const history = [user('First'), assistant('One.')];
    const slow = await start(answer('Slow.'), [...history, user('Slow?')]).asked;
    const quick = await ask(answer('Quick.'), [...history, user('Quick?')]);
    await readAll(slow);
    expect(quick.sessionId).not.toBe(first.sessionId);
    expect(await stored(quick.sessionId)).toEqual([
      ...['user First', 'assistant One.', 'user Quick?', 'assistant Quick.'],
    ]);
    expect((await stored(first.sessionId)).slice(2)).toEqual(['user Slow?', 'assistant Slow.']);
  });
});

describe('a client that leaves', () => {
  it('leaves an interrupted answer; when it asks again, the new answer takes its place', async () => {
    const controller = new AbortController();
    const { asked } = start(
      [text('Half'), () => controller.abort(new InterruptedError('The client left.')), turnEnd],
      [user('Long?')],
      { signal: controller.signal, marks: marked('a') },
    );
    const relayed = await asked;
    await expect(readAll(relayed)).rejects.toThrow('The client left.');
    expect(await stored(relayed.sessionId)).toEqual([
      ...['user Long?', 'assistant interrupted Half'],
    ]);
    const again = await ask(answer('Whole.'), [user('Long?')], { marks: marked('a') });
    expect(again.sessionId).toBe(relayed.sessionId);
    expect(await stored(relayed.sessionId)).toEqual(['user Long?', 'assistant Whole.']);
  });
});

describe('a side call', () => {
  const namer = {
    systemPrompt: 'You are a title generator. You output ONLY a thread title.',
    marks: marked('a'),
  };

  it('that comes first names the session, and its cost is kept as a note', async () => {
    const title = await ask(answer('"Reading a"'), [user('Generate a title: Read a.')], namer);
    const turn = await ask(answer('Done.'), [user('Read a.')], { marks: marked('a') });
    expect(turn.sessionId).toBe(title.sessionId);
    expect(await stored(turn.sessionId)).toEqual(['title', 'user Read a.', 'assistant Done.']);
    expect(await store.sessions.get(turn.sessionId ?? '')).toMatchObject({
      ...{ title: 'Reading a', messageCount: 2, inputTokens: 20 },
    });
  });

  it('during a conversation changes nothing in it', async () => {
    const turn = await ask(answer('Done.'), [user('Read a.')], {
      ...{ marks: marked('a'), systemPrompt: 'You are an agent.' },
    });
    const tags = { systemPrompt: 'Suggest three tags.', marks: marked('a') };
    const side = await ask(answer('a, b'), [user('Read a.\nDone.')], tags);
    expect(side.sessionId).toBe(turn.sessionId);
    const history = [user('Read a.'), assistant('Done.'), user('More')];
    const next = await ask(answer('Ok.'), history, { marks: marked('a') });
    expect(next.sessionId).toBe(turn.sessionId);
    expect((await stored(turn.sessionId)).filter((line) => !line.startsWith('title'))).toEqual([
      ...['user Read a.', 'assistant Done.', 'user More', 'assistant Ok.'],
    ]);
  });
});

describe('a conversation that is not to be stored', () => {
  it('leaves only its cost', async () => {
    const { sessionId, events } = await ask(answer('Secret.'), [user('Private')], {
      keeps: false,
    });
    expect(sessionId).toBeNull();
    expect(events.at(-1)).toMatchObject({ type: 'turn-result' });
    const page = await store.sessions.list({ limit: 10, trashed: 'any', archived: 'any' });
    expect(page.items).toEqual([]);
    expect(await store.usage.usage({ by: 'model' })).toMatchObject([{ inputTokens: 10 }]);
  });
});

describe('a client that sends only what is new', () => {
  const marks = { ...noMarks, namesAnswers: true };

  it('continues after the answer that it names, with the session as history', async () => {
    const first = await ask(answer('One.'), [user('First')], { marks });
    const continues = { answerId: first.answerId };
    const second = await ask(answer('Two.'), [user('Second')], { marks, continues });
    expect(second.sessionId).toBe(first.sessionId);
    expect(second.request?.messages).toHaveLength(3);
    const other = await ask(answer('Other.'), [user('Instead')], { marks, continues });
    expect(other.sessionId).not.toBe(first.sessionId);
    expect(await stored(other.sessionId)).toEqual([
      ...['user First', 'assistant One.', 'user Instead', 'assistant Other.'],
    ]);
  });

  it('continues after an answer that only a note follows', async () => {
    const mine = { ...marked('a'), namesAnswers: true };
    const first = await ask(answer('One.'), [user('First')], {
      ...{ marks: mine, systemPrompt: 'You are an agent.' },
    });
    const tags = { systemPrompt: 'Suggest three tags.', marks: mine };
    expect((await ask(answer('a, b'), [user('Tags?')], tags)).sessionId).toBe(first.sessionId);
    const continues = { answerId: first.answerId };
    const second = await ask(answer('Two.'), [user('Second')], { marks: mine, continues });
    expect(second.sessionId).toBe(first.sessionId);
  });

  it('gets an error for an answer that is unknown', async () => {
    const { asked } = start(answer('No.'), [user('x')], { continues: { answerId: 'gone' } });
    await expect(asked).rejects.toThrow('No session matches');
  });
});
