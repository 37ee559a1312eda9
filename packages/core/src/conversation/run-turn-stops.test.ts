import { describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/storage-memory';
import { scriptedContext } from '@synapse/test/fakes/scripted-context';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { allowAll, FakeTools } from '@synapse/test/fakes/fake-tools';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { modelRequest } from '@synapse/test/support/model-request';
import { requestMessagesProblems } from '@synapse/test/support/validators/request-messages-problems';
import fc from 'fast-check';
import { InterruptedError } from '../errors/run-errors.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { StreamEvent } from '../ports/stream-event.ts';
import type { Message } from '../session/message.ts';
import { runTurn } from './run-turn.ts';
import { toRequestMessages } from './to-request-messages.ts';
import { silentLogger } from '../silent-logger.ts';

const piece = fc.oneof(
  fc.constantFrom('Hm', ' ', 'and so').map((delta) => text(delta)),
  fc.record({
    type: fc.constant('tool-call' as const),
    id: fc.constantFrom('a', 'b', 'a b', ''),
    name: fc.constantFrom('look', 'missing'),
    input: fc.record({ n: fc.nat(9) }),
  }),
  fc.constant<StreamEvent>({
    type: 'tool-call',
    id: 'x',
    name: 'look',
    input: {},
    invalidInput: '{',
  }),
  fc.constant<StreamEvent>({ type: 'reasoning-delta', text: 'Hm' }),
);
const unified = fc.constantFrom('tool-calls' as const, 'stop' as const, 'length' as const);
const answer = fc
  .tuple(fc.array(piece, { maxLength: 5 }), unified)
  .map(([pieces, reason]) => [
    ...pieces,
    { ...turnEnd, finishReason: { unified: reason, raw: null } } as StreamEvent,
  ]);
const turns = fc.record({
  answers: fc.array(answer, { minLength: 1, maxLength: 4 }),
  /** The event, or the call of a tool, at which everything ends. */
  stop: fc.record({ at: fc.nat(25), how: fc.constantFrom('abort', 'leave', 'abort in tool') }),
});

type Turn = typeof turns extends fc.Arbitrary<infer T> ? T : never;

/** What the session held after each change, which is what a kill would have left. */
async function play({ answers, stop }: Turn): Promise<{ states: Message[][]; runs: Message[][] }> {
  const store = createMemoryStore();
  const clock = new FakeClock();
  const controller = new AbortController();
  await store.sessions.create({ id: 's', createdAt: clock.now() });
  const stored = () => store.sessions.messages('s', { limit: 100 });
  const states: Message[][] = [];
  const runs: Message[][] = [];
  const sessions = new Proxy(store.sessions, {
    get: (target, name) =>
      name === 'append'
        ? async (...given: Parameters<SessionStore['append']>) => {
            const result = await target.append(...given);
            states.push(await stored());
            return result;
          }
        : (Reflect.get(target, name) as unknown),
  });
  const tools = new FakeTools({
    look: async () => {
      runs.push(await stored());
      if (stop.how === 'abort in tool' && runs.length > stop.at % 4) {
        controller.abort(new InterruptedError('Stop.'));
      }
      return 'seen';
    },
  });
  const turn = runTurn({
    sessions,
    sessionId: 's',
    lease: null,
    provider: new ScriptedProvider(...answers),
    model: 'scripted-1',
    parts: [{ type: 'text', text: 'question' }],
    context: scriptedContext(async () =>
      modelRequest({ messages: await toRequestMessages(await stored(), store.attachments) }),
    ),
    tools: { sources: [tools], approver: allowAll, maxRounds: 3 },
    prices: { costOf: () => null },
    clock,
    logger: silentLogger,
    signal: controller.signal,
  });
  let count = 0;
  try {
    for await (const { type } of turn) {
      if (type === 'turn-result' || count++ !== stop.at) continue;
      if (stop.how === 'leave') break;
      if (stop.how === 'abort') controller.abort(new InterruptedError('Stop.'));
    }
  } catch {
    // How a turn ends is another test's concern; here it is what it leaves.
  }
  states.push(await stored());
  return { states, runs };
}

describe('runTurn, interrupted at any point', () => {
  it('leaves a session that every provider accepts', async () => {
    await fc.assert(
      fc.asyncProperty(turns, async (turn) => {
        for (const state of (await play(turn)).states) {
          const request = await toRequestMessages(state, createMemoryStore().attachments);
          expect(requestMessagesProblems(request)).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('runs only calls that are stored, and leaves no answer running', async () => {
    await fc.assert(
      fc.asyncProperty(turns, async (turn) => {
        const { states, runs } = await play(turn);
        for (const messages of runs) {
          expect(messages.at(-1)).toMatchObject({ role: 'assistant', status: 'running' });
          expect(messages.at(-1)?.parts.some(({ type }) => type === 'tool-call')).toBe(true);
        }
        expect(states.at(-1)?.some(({ status }) => status === 'running')).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps a result for every call that finished', async () => {
    await fc.assert(
      fc.asyncProperty(turns, async (turn) => {
        const { states, runs } = await play(turn);
        const seen = (states.at(-1) ?? [])
          .flatMap<{ type: string; output?: string }>(({ parts }) => parts)
          .filter(({ type, output }) => type === 'tool-result' && output === 'seen');
        const wasCut = turn.stop.how === 'abort in tool' ? 1 : 0;
        expect(seen.length).toBeGreaterThanOrEqual(runs.length - wasCut);
      }),
      { numRuns: 200 },
    );
  });
});
