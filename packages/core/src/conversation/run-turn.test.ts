import { describe, expect, it } from '@jest/globals';
import { scriptedContext } from '@synapse/test/fakes/scripted-context';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { InterruptedError } from '../errors/run-errors.ts';
import { ProviderError } from '../errors/provider-error.ts';
import { StorageError } from '../errors/storage-error.ts';
import type { Message, NewMessage } from '../session/message.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { ModelRequest, RequestMessage } from '../ports/model-provider.ts';
import type { StreamEvent, TurnEnd } from '../ports/stream-event.ts';
import { withoutReplay } from '../providers/without-replay.ts';
import { textOf } from '../session/part.ts';
import { runTurn } from './run-turn.ts';
import { sentPrefix } from './sent-prefix.ts';
import type { TurnEvent, TurnOptions } from './turn-options.ts';
import { silentLogger } from '../silent-logger.ts';

/** Keeps what is appended, newest state by id; can be told to fail. */
class Appends {
  readonly calls: NewMessage[][] = [];
  failure: Error | undefined;

  readonly sessions = {
    append: async (_: string, messages: readonly NewMessage[]) => {
      if (this.failure) throw this.failure;
      this.calls.push(structuredClone([...messages]));
      return messages.map((message) => ({ ...message, seq: 1, turn: 1 }) as Message);
    },
  } as unknown as SessionStore;

  get last(): NewMessage {
    return this.calls.at(-1)!.at(-1)!;
  }
}

function aRequest(messages: RequestMessage[] = []): ModelRequest {
  return {
    ...{ model: 'asked-for', systemPrompt: null, messages, tools: [] },
    ...{ maxOutputTokens: null, temperature: null, outputSchema: null, cacheKey: null },
  };
}

function setUp(
  provider: ScriptedProvider,
  options: Partial<Pick<TurnOptions, 'context' | 'prices'>> = {},
) {
  const appends = new Appends();
  const clock = new FakeClock();
  const controller = new AbortController();
  const turn = runTurn({
    sessions: appends.sessions,
    sessionId: 's',
    lease: null,
    provider,
    model: 'asked-for',
    parts: [{ type: 'text', text: 'question' }],
    context: scriptedContext(async () => aRequest()),
    prices: {
      costOf: ({ outputTokens }) => ({
        nanoUsd: outputTokens,
        price: {
          inputPerMillion: 0,
          outputPerMillion: 1,
          cacheReadPerMillion: 0,
          cacheWritePerMillion: 0,
        },
      }),
    },
    clock,
    logger: silentLogger,
    signal: controller.signal,
    ...options,
  });
  return { turn, appends, clock, controller };
}

async function collect(turn: AsyncIterable<TurnEvent>): Promise<TurnEvent[]> {
  const events: TurnEvent[] = [];
  for await (const event of turn) events.push(event);
  return events;
}

describe('the model of an answer', () => {
  it('is stored as requested and as answered', async () => {
    const { turn, appends } = setUp(new ScriptedProvider([text('Hi'), turnEnd]));
    await collect(turn);
    const asked = { askedProvider: 'scripted', askedModel: 'asked-for' };
    expect(appends.last).toMatchObject({ provider: 'scripted', model: 'scripted-1', ...asked });
  });

  it('is the model that the fallback asked', async () => {
    const by = { provider: 'other', askedModel: 'other-latest' };
    const { turn, appends } = setUp(new ScriptedProvider([text('Hi'), { ...turnEnd, ...by }]));
    await collect(turn);
    expect(appends.last).toMatchObject({
      ...{ provider: 'other', model: 'scripted-1' },
      ...{ askedProvider: 'other', askedModel: 'other-latest' },
    });
  });

  it.each([
    ['its first choice', {}, false],
    ['a fallback', { provider: 'other', askedModel: 'other-latest' }, true],
    ['its model at another provider', { provider: 'other', askedModel: 'asked-for' }, true],
  ])(
    'binds an interrupted answer to the request that was sent %s',
    async (_case, by, isFallback) => {
      const replay = { dialect: 'x', data: 'sealed', isBound: true as const };
      const parts = [{ type: 'text' as const, text: 'earlier', replay }];
      const request = aRequest([{ role: 'assistant', parts }]);
      const begin: StreamEvent[] = [
        { type: 'started', model: 'dated-1', ...by },
        { type: 'reasoning-end', replay },
      ];
      const { turn, appends } = setUp(new ScriptedProvider([...begin, overloaded]), {
        context: scriptedContext(async () => request),
      });
      await expect(collect(turn)).rejects.toBe(overloaded);
      const { messages } = request;
      const sent = { ...request, messages: isFallback ? withoutReplay(messages) : messages };
      expect(appends.last.parts[0]).toMatchObject({ replay: { prefix: sentPrefix(sent) } });
    },
  );
});

describe('the cost of an answer', () => {
  it('uses the price of the requested model if only that one is known', async () => {
    const price = {
      ...{ inputPerMillion: 0, outputPerMillion: 1 },
      ...{ cacheReadPerMillion: 0, cacheWritePerMillion: 0 },
    };
    const costOf: TurnOptions['prices']['costOf'] = (_usage, _provider, model) =>
      model === 'asked-for' ? { nanoUsd: 7, price } : null;
    const { turn, appends } = setUp(new ScriptedProvider([text('Hi'), turnEnd]), {
      prices: { costOf },
    });
    await collect(turn);
    expect(appends.last).toMatchObject({ model: 'scripted-1', cost: { nanoUsd: 7 } });
  });

  it('is the cost that the provider reports, rather than one computed from prices', async () => {
    const told = { ...turnEnd, costNanoUsd: 123_456 };
    const { turn, appends } = setUp(new ScriptedProvider([text('Hi'), told]));
    await collect(turn);
    expect(appends.last.cost).toEqual({ nanoUsd: 123_456, price: 'reported' });
  });
});

const overloaded = new ProviderError('Busy.', {
  provider: 'scripted',
  reason: 'overloaded',
  isRetryable: true,
});

describe('runTurn', () => {
  it('stores the question before the provider is called', async () => {
    const order: string[] = [];
    const provider = new ScriptedProvider([() => void order.push('asked'), turnEnd]);
    const { turn, appends } = setUp(provider);
    for await (const event of turn) {
      if (event.type === 'message-stored') order.push(`stored ${appends.last.role}`);
    }
    expect(order).toEqual(['stored user', 'asked']);
  });

  it('yields the events of the provider and stores the answer with all its figures', async () => {
    const time = { clock: new FakeClock() };
    const provider = new ScriptedProvider([
      () => time.clock.advance(40),
      text('an '),
      () => time.clock.advance(60),
      text('answer'),
      turnEnd,
    ]);
    const run = setUp(provider);
    time.clock = run.clock;
    const events = await collect(run.turn);
    expect(events.map(({ type }) => type)).toEqual([
      'message-stored',
      'text-delta',
      'text-delta',
      'turn-end',
      'turn-result',
    ]);
    expect(run.appends.last).toMatchObject({
      role: 'assistant',
      status: 'complete',
      parts: [{ type: 'text', text: 'an answer' }],
      provider: 'scripted',
      model: 'scripted-1',
      usage: { inputTokens: 10, outputTokens: 5 },
      cost: { nanoUsd: 5 },
      latencyMs: 100,
      timeToFirstTokenMs: 40,
      finishReason: { unified: 'stop', raw: 'end_turn' },
      error: null,
    });
  });

  it('fails with a store’s bug in a checkpoint only after the answer ended', async () => {
    const bug = new TypeError('not a SynapseError');
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const provider = new ScriptedProvider([
      text('one '),
      async () => {
        appends.failure = bug;
        await clock.advance(1001);
      },
      text('two '),
      () => new Promise((resolve) => setImmediate(resolve)),
      turnEnd,
    ]);
    const { turn, appends, clock } = setUp(provider);
    await expect(collect(turn)).rejects.toBe(bug);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it('checkpoints a long answer about once a second, under one id', async () => {
    const time = { clock: new FakeClock() };
    const steps = Array.from({ length: 30 }, () => [
      () => time.clock.advance(200),
      text('x'),
    ]).flat();
    const run = setUp(new ScriptedProvider([...steps, turnEnd]));
    time.clock = run.clock;
    await collect(run.turn);
    const answers = run.appends.calls.flat().filter(({ role }) => role === 'assistant');
    expect(answers.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 6 }, () => 'running'),
      'complete',
    ]);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.map(({ parts }) => textOf(parts).length)).toEqual([5, 10, 15, 20, 25, 30, 30]);
  });

  it('keeps the partial answer, marked, when the signal is aborted', async () => {
    const hook: { abort: () => void } = { abort: () => undefined };
    const provider = new ScriptedProvider([
      text('partial'),
      () => hook.abort(),
      text('never'),
      turnEnd,
    ]);
    const { turn, appends, controller } = setUp(provider);
    hook.abort = () => controller.abort(new InterruptedError('Ctrl-C'));
    await expect(collect(turn)).rejects.toThrow('Ctrl-C');
    expect(appends.last).toMatchObject({
      status: 'interrupted',
      parts: [{ type: 'text', text: 'partial' }],
      usage: { estimated: true },
      error: { code: 'SYNAPSE_INTERRUPTED' },
    });
  });

  const counted = { inputTokens: 100_000, cacheReadTokens: 99_000, outputTokens: 1 };
  const usageSoFar = { ...(turnEnd as TurnEnd).usage!, ...counted };
  it.each([
    ['words', [text('word '.repeat(50))], 50],
    ['nothing to show for it', [], 1],
  ])(
    'keeps the token counts of an answer that is interrupted by %s',
    async (_case, words, least) => {
      const begin: StreamEvent[] = [
        { type: 'started', model: 'dated-1', provider: 'other', askedModel: 'other-latest' },
        { type: 'usage', usage: usageSoFar },
      ];
      const { turn, appends } = setUp(new ScriptedProvider([...begin, ...words, overloaded]));
      await expect(collect(turn)).rejects.toBe(overloaded);
      expect(appends.last).toMatchObject({
        ...{ status: 'failed', provider: 'other', model: 'dated-1', askedModel: 'other-latest' },
        usage: { inputTokens: 100_000, cacheReadTokens: 99_000, estimated: true },
      });
      expect(appends.last.usage?.outputTokens).toBeGreaterThanOrEqual(least);
      expect(appends.last.cost).toMatchObject({ nanoUsd: appends.last.usage?.outputTokens });
    },
  );

  it('counts a running request, but none that was never sent', async () => {
    const begun = setUp(new ScriptedProvider([{ type: 'started', model: 'm' }, overloaded]));
    await expect(collect(begun.turn)).rejects.toBe(overloaded);
    expect(begun.appends.last.usage).toMatchObject({ estimated: true });
    const refused = setUp(new ScriptedProvider([overloaded]));
    await expect(collect(refused.turn)).rejects.toBe(overloaded);
    expect(refused.appends.last.usage).toBeNull();
  });

  it('stores a failed answer with the reason and rethrows the error of the provider', async () => {
    const { turn, appends } = setUp(new ScriptedProvider([text('par'), overloaded]));
    await expect(collect(turn)).rejects.toBe(overloaded);
    expect(appends.last).toMatchObject({
      status: 'failed',
      parts: [{ type: 'text', text: 'par' }],
      error: { code: 'SYNAPSE_PROVIDER_OVERLOADED', message: 'Busy.' },
    });
  });

  it('stores the part received when the caller stops reading', async () => {
    const { turn, appends } = setUp(new ScriptedProvider([text('one'), text('two'), turnEnd]));
    for await (const event of turn) if (event.type === 'text-delta') break;
    expect(appends.last).toMatchObject({ status: 'interrupted', parts: [{ text: 'one' }] });
  });

  it('does not ask when the question cannot be stored', async () => {
    const provider = new ScriptedProvider([turnEnd]);
    const { turn, appends } = setUp(provider);
    appends.failure = new StorageError('Disk full.', { reason: 'full' });
    await expect(collect(turn)).rejects.toBe(appends.failure);
    expect(provider.requests).toEqual([]);
  });

  it('still delivers an answer that cannot be stored, and reports it', async () => {
    const hook: { fail: () => void } = { fail: () => undefined };
    const { turn, appends } = setUp(
      new ScriptedProvider([() => hook.fail(), text('answer'), turnEnd]),
    );
    hook.fail = () => {
      appends.failure = new StorageError('Disk full.', { reason: 'full' });
    };
    const events = await collect(turn);
    expect(events.at(-2)).toMatchObject({ type: 'storage-failed', error: { reason: 'full' } });
    expect(events.at(-1)).toMatchObject({ type: 'turn-result', isSaved: false });
  });
});
