import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/storage-memory';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { aSession, textsOf } from '@synapse/test/support/samples';
import { requestMessagesProblems } from '@synapse/test/support/validators/request-messages-problems';
import fc from 'fast-check';
import { pinMessage, resetContext } from '../context/change-context.ts';
import { findContext } from '../context/read-context.ts';
import { defaultContextSettings } from '../context/context-settings.ts';
import { SessionContext } from '../context/session-context.ts';
import { InterruptedError } from '../errors/run-errors.ts';
import { ProviderError } from '../errors/provider-error.ts';
import type { Store } from '../ports/store.ts';
import { newId } from '../session/id.ts';
import type { Message } from '../session/message.ts';
import { addToTally, noTally } from '../session/tally.ts';
import { TurnCheck } from '../session/turn-check.ts';
import { silentLogger } from '../silent-logger.ts';
import { listVariants } from './list-variants.ts';
import { runTurn } from './run-turn.ts';
import { toRequestMessages } from './to-request-messages.ts';

const clock = new FakeClock();
const failure = new ProviderError('The provider is out of order.', {
  provider: 'scripted',
  reason: 'overloaded',
  isRetryable: false,
});

let store: Store;
let id: string;

beforeEach(async () => {
  store = createMemoryStore();
  ({ id } = await store.sessions.create(aSession()));
});

type End = 'answers' | 'fails' | 'is stopped';

/** One turn, which goes as it is told; gives the request that it was asked with. */
async function ask(
  sessionId: string,
  question: string,
  { instead = null, end = 'answers' }: { instead?: number | null; end?: End } = {},
): Promise<string> {
  const controller = new AbortController();
  const provider = new ScriptedProvider([
    text(`${question} answered`),
    ...(end === 'fails' ? [failure] : []),
    ...(end === 'is stopped'
      ? [() => controller.abort(new InterruptedError('Stopped.'))]
      : [turnEnd]),
    turnEnd,
  ]);
  const { sessions, attachments } = store;
  const context = new SessionContext({
    ...{ sessions, attachments, sessionId, systemPrompt: null },
    answerer: { provider: 'scripted', model: 'scripted-1' },
    limits: { contextTokens: null, maxOutputTokens: null },
    settings: defaultContextSettings,
  });
  const turn = runTurn({
    ...{ sessions, sessionId, lease: null, provider, model: 'scripted-1', instead },
    parts: [{ type: 'text', text: question }],
    context,
    prices: { costOf: () => null },
    ...{ clock, logger: silentLogger, signal: controller.signal },
  });
  const run = async () => {
    for await (const event of turn) expect(event.type).not.toBe('notice');
  };
  await run().catch((error: unknown) => {
    if (end === 'answers') throw error;
  });
  const [request] = provider.requests;
  expect(requestMessagesProblems(request?.messages ?? [])).toEqual([]);
  return JSON.stringify(request?.messages);
}

async function read(sessionId: string, turns: 'active' | 'all' = 'active'): Promise<Message[]> {
  return store.sessions.messages(sessionId, { limit: 500, turns });
}

const lastTurn = async (sessionId: string) => (await read(sessionId)).at(-1)?.turn ?? 0;

describe('a turn that is asked again', () => {
  it.each<End>(['fails', 'is stopped'])(
    'leaves the last turn as it was where it %s',
    async (end) => {
      await ask(id, 'one');
      await ask(id, 'two');
      const before = await read(id);
      await ask(id, 'two anew', { instead: 2, end });
      expect(await read(id)).toEqual(before);
      const attempt = (await read(id, 'all')).slice(before.length);
      expect(textsOf(attempt)).toEqual(['two anew', 'two anew answered']);
      expect(attempt.every(({ active }) => !active)).toBe(true);
    },
  );

  it('replaces the last turn when it is complete, and keeps the old one', async () => {
    await ask(id, 'one');
    await ask(id, 'two');
    const request = await ask(id, 'two anew', { instead: 2 });
    expect(request).toContain('one answered');
    expect(request).not.toContain('two answered');
    expect(textsOf(await read(id))).toEqual([
      ...['one', 'one answered', 'two anew', 'two anew answered'],
    ]);
    const variants = await listVariants(store.sessions, id);
    expect(variants).toMatchObject([
      { turn: 2, active: false },
      { turn: 3, active: true },
    ]);
    expect(textsOf(variants.map(({ last }) => last))).toEqual([
      ...['two answered', 'two anew answered'],
    ]);
    await store.sessions.chooseVariant(id, 2, null);
    const next = await ask(id, 'three');
    expect(next).toContain('two answered');
    expect(next).not.toContain('anew');
  });

  it('does not replace the last turn if its last answer cannot be stored', async () => {
    await ask(id, 'one');
    const before = await read(id);
    const { sessions } = store;
    const whole = sessions.append.bind(sessions);
    sessions.append = async (sessionId, messages, lease, variant) => {
      if (variant && 'turn' in variant && variant.isChosen) throw failure;
      return whole(sessionId, messages, lease, variant);
    };
    await ask(id, 'one anew', { instead: 1 });
    expect(await read(id)).toEqual(before);
  });

  it('keeps earlier pins, but not pins within the replaced turn', async () => {
    await ask(id, 'one');
    await ask(id, 'two');
    const writer = { sessions: store.sessions, sessionId: id, lease: null, clock };
    await pinMessage(writer, 1, true);
    await pinMessage(writer, 3, true);
    await ask(id, 'two anew', { instead: 2, end: 'fails' });
    expect((await findContext(store.sessions, id)).context.pinnedSeqs).toEqual([1, 3]);
    await ask(id, 'two anew', { instead: 2 });
    expect((await findContext(store.sessions, id)).context.pinnedSeqs).toEqual([1]);
    await store.sessions.chooseVariant(id, 2, null);
    expect((await findContext(store.sessions, id)).context.pinnedSeqs).toEqual([1, 3]);
  });

  it('starts over if the context was reset, and sends its own question', async () => {
    await ask(id, 'one');
    await ask(id, 'two');
    await resetContext({ sessions: store.sessions, sessionId: id, lease: null, clock });
    const request = await ask(id, 'two anew', { instead: 2 });
    expect(request).toContain('two anew');
    expect(request).not.toContain('one answered');
  });

  it('loses nothing and stays consistent, for any mix of ask, undo, choose and fork', async () => {
    const step = fc.record({
      what: fc.constantFrom('ask', 'retry', 'edit', 'undo', 'choose', 'fork', 'pin', 'reset'),
      end: fc.constantFrom<End>('answers', 'answers', 'fails', 'is stopped'),
      pick: fc.nat(9),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        store = createMemoryStore();
        let current = (await store.sessions.create(aSession())).id;
        let stored: string[] = [];
        for (const [index, { what, end, pick }] of steps.entries()) {
          const instead = await lastTurn(current);
          const writer = { sessions: store.sessions, sessionId: current, lease: null, clock };
          const active = await read(current);
          if (what === 'ask') await ask(current, `q${index}`, { end });
          else if (what === 'undo') await store.sessions.undoTurn(current, null);
          else if (what === 'fork') {
            const fork = await store.sessions.fork(current, {
              id: newId(),
              createdAt: clock.now(),
            });
            current = fork.id;
          } else if (instead === 0) continue;
          else if (what === 'pin') {
            const said = active.filter(({ role }) => role === 'user');
            await pinMessage(writer, said[pick % said.length]!.seq, true);
          } else if (what === 'reset') await resetContext(writer);
          else if (what === 'choose') {
            const variants = await listVariants(store.sessions, current);
            const { turn } = variants[pick % variants.length]!;
            await store.sessions.chooseVariant(current, turn, null);
          } else {
            await ask(current, what === 'edit' ? `e${index}` : `q${index}`, { instead, end });
            if (end !== 'answers') expect(await read(current)).toEqual(active);
          }
          const all = await read(current, 'all');
          expect(textsOf(all)).toEqual(expect.arrayContaining(stored));
          expect(all.length).toBeGreaterThanOrEqual(stored.length);
          stored = textsOf(all);
          await expectSound(current, all);
        }
      }),
      { numRuns: 150 },
    );
  });
});

/** What the store says of the session is what its messages say, and a model can be sent them. */
async function expectSound(sessionId: string, all: readonly Message[]): Promise<void> {
  const check = new TurnCheck();
  expect(all.map((message) => check.faultOf(message)).filter(Boolean)).toEqual([]);
  const { counts, preview } = addToTally(noTally, all);
  expect(await store.sessions.get(sessionId)).toMatchObject({ ...counts, preview });
  const active = await read(sessionId);
  expect(active).toEqual(all.filter((message) => message.active));
  const request = await toRequestMessages(active, store.attachments);
  expect(requestMessagesProblems(request)).toEqual([]);
}
