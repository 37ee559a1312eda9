import { beforeEach, describe, expect, it } from '@jest/globals';
import { loadSettings } from '@synapse/config';
import {
  newId,
  silentLogger,
  type Part,
  type Session,
  type Store,
  type TurnEnd,
} from '@synapse/core';
import { blankStart } from '@synapse/core/conversation';
import { createMemoryStore } from '@synapse/storage-memory';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { aMessage, anAnswer, aSession } from '@synapse/test/support/samples';
import type { App, OpenModel } from '../wiring.ts';
import type { OneShotOutput } from './answer.ts';
import { Conversation } from './conversation.ts';
import { runOneShot, type OneShot } from './run-one-shot.ts';

const words = 'word '.repeat(50);
const toParts = (prompt: string): Part[] => [{ type: 'text', text: prompt }];
const longEnd: TurnEnd = {
  ...(turnEnd as TurnEnd),
  usage: {
    ...{ inputTokens: 2_400, outputTokens: 60, cacheReadTokens: 0 },
    ...{ cacheWriteTokens: 0, reasoningTokens: 0, estimated: false },
  },
};

describe('runOneShot', () => {
  let clock: FakeClock;
  let store: Store;
  let said: string[];
  let answered: Promise<void>;
  let output: OneShotOutput;

  beforeEach(() => {
    clock = new FakeClock();
    store = createMemoryStore();
    said = [];
    answered = new Promise((resolve) => {
      const ignore = () => undefined;
      output = { begin: ignore, event: ignore, fail: ignore, end: () => resolve() };
    });
  });

  async function run(
    provider: ScriptedProvider,
    flags: Record<string, string>,
    target: OneShot['target'],
    prompt: Pick<OneShot, 'parts' | 'titleText'> = { parts: toParts(words), titleText: words },
  ) {
    const { settings } = await loadSettings({ environment: { HOME: '/nowhere' }, flags });
    const setup = { name: provider.name, model: 'scripted-1', maxOutputTokens: null };
    const model = { provider, setup } as unknown as OpenModel;
    const places = { cacheFolder: '/nowhere' };
    const app = {
      settings,
      clock,
      places,
      here: '/nowhere',
      logger: silentLogger,
    } as unknown as App;
    const agent = { tools: undefined, endSession: () => undefined };
    const conversation = new Conversation(app, { store, model, agent });
    return runOneShot(app, store, conversation, {
      ...{ target, output, schema: null },
      ...{ isForked: false, isTakenOver: false, isEphemeral: false },
      ...prompt,
      chooseAgain: async () => model,
      notify: (line) => said.push(line),
      signal: new AbortController().signal,
      onHeld: undefined,
      onSession: () => undefined,
      onBegin: () => undefined,
      startBeside: () => ({ finish: async () => undefined }),
    });
  }

  async function longSession(): Promise<Session> {
    const { id } = await store.sessions.create(aSession());
    for (let turn = 0; turn < 20; turn++) {
      await store.sessions.append(id, [aMessage(words), anAnswer(words)], null);
    }
    return (await store.sessions.get(id))!;
  }

  it('titles a session after the typed prompt, not after piped input', async () => {
    const provider = new ScriptedProvider([text('An answer.'), turnEnd]);
    const untitled = await store.sessions.create({ ...aSession(), title: null });
    const prompt = { parts: toParts('Why? A long log.'), titleText: 'Why?' };
    const { session } = await run(provider, {}, untitled, prompt);
    expect((await store.sessions.get(session.id))?.title).toBe('Why?');
  });

  it('stops the summary after an answer at the time limit, and keeps the answer', async () => {
    const provider = new ScriptedProvider(
      [text(words), longEnd],
      [() => clock.advance(60_000), text('A summary.'), turnEnd],
    );
    const flags = { 'limits.timeout': '60', 'context.max_tokens': '2900' };
    const { message, session } = await run(provider, flags, await longSession());
    expect(message).toMatchObject({ status: 'complete', error: null });
    expect(provider.requests).toHaveLength(2);
    expect(said.join('\n')).toContain('no summary was made (The run took longer than 60 s.');
    const [note] = await store.sessions.messages(session.id, { limit: 1, role: 'context' });
    expect(note).toMatchObject({ status: 'interrupted', parts: [{ summary: null }] });
  });

  it('stops naming a session at the time limit', async () => {
    const provider = new ScriptedProvider(
      [text('An answer.'), turnEnd],
      [() => answered, () => clock.advance(2_000), text('A title'), turnEnd],
    );
    const flags = { 'limits.timeout': '2', 'session.generate_titles': 'true' };
    const start = { ...blankStart, handle: newId() };
    const { message, session } = await run(provider, flags, start);
    expect(message.status).toBe('complete');
    expect(provider.requests).toHaveLength(2);
    expect((await store.sessions.get(session.id))?.title).toMatch(/^word word/);
    const [note] = await store.sessions.messages(session.id, { limit: 1, role: 'title' });
    expect(note?.status).toBe('interrupted');
  });
});
