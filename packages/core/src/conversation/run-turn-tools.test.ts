import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/storage-memory';
import { scriptedContext } from '@synapse/test/fakes/scripted-context';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { allowAll, FakeTools } from '@synapse/test/fakes/fake-tools';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { modelRequest } from '@synapse/test/support/model-request';
import { InterruptedError, LimitReachedError } from '../errors/run-errors.ts';
import { StorageError } from '../errors/storage-error.ts';
import type { Store } from '../ports/store.ts';
import type { StreamEvent } from '../ports/stream-event.ts';
import type { JsonObject } from '../session/json-value.ts';
import { toRequestMessages } from './to-request-messages.ts';
import { runTurn } from './run-turn.ts';
import type { TurnEvent, TurnOptions } from './turn-options.ts';
import { silentLogger } from '../silent-logger.ts';

const call = (id: string, name = 'look', input: JsonObject = { id }): StreamEvent => {
  return { type: 'tool-call', id, name, input };
};
const end = (unified: 'tool-calls' | 'length' | 'refusal'): StreamEvent => {
  return { ...turnEnd, finishReason: { unified, raw: unified } } as StreamEvent;
};
const calls = end('tool-calls');
const done = [text('done'), turnEnd];

describe('runTurn with tools', () => {
  let store: Store;
  let clock: FakeClock;
  let tools: FakeTools;
  let controller: AbortController;
  beforeEach(async () => {
    store = createMemoryStore();
    clock = new FakeClock();
    controller = new AbortController();
    tools = new FakeTools({ look: ({ id }) => `saw ${JSON.stringify(id)}`, list: () => 'a b' });
    await store.sessions.create({ id: 's', createdAt: clock.now() });
  });

  const run = (provider: ScriptedProvider, options: Partial<TurnOptions> = {}) =>
    runTurn({
      sessions: store.sessions,
      sessionId: 's',
      lease: null,
      provider,
      model: 'scripted-1',
      parts: [{ type: 'text', text: 'question' }],
      context: scriptedContext(async (definitions) =>
        modelRequest({
          messages: await toRequestMessages(await stored(), store.attachments),
          tools: [...definitions],
        }),
      ),
      tools: { sources: [tools], approver: allowAll, maxRounds: 5 },
      prices: { costOf: () => null },
      clock,
      logger: silentLogger,
      signal: controller.signal,
      ...options,
    });
  const stored = () => store.sessions.messages('s', { limit: 100 });
  const shape = async () => (await stored()).map(({ role, status }) => `${role} ${status}`);
  const outputs = async () =>
    (await stored()).flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === 'tool-result' ? [part.output] : [])),
    );
  const collect = async (turn: AsyncIterable<TurnEvent>) => {
    const events: TurnEvent[] = [];
    for await (const event of turn) events.push(event);
    return events;
  };

  it('offers the tools, runs the calls in their order and asks again with the results', async () => {
    const provider = new ScriptedProvider([text('Let me'), call('1'), call('2'), calls], done);
    const events = await collect(run(provider));
    expect(provider.requests[0]?.tools.map(({ name }) => name)).toEqual(['look', 'list']);
    expect(tools.calls.map(({ input }) => input.id)).toEqual(['1', '2']);
    expect(events.map(({ type }) => type)).toEqual([
      'message-stored',
      'text-delta',
      'tool-call',
      'tool-call',
      'turn-end',
      'tool-approval',
      'tool-start',
      'tool-end',
      'tool-approval',
      'tool-start',
      'tool-end',
      'text-delta',
      'turn-end',
      'turn-result',
    ]);
    expect(provider.requests[1]?.messages.at(-1)).toMatchObject({
      role: 'tool',
      parts: [
        { id: '1', output: 'saw "1"' },
        { id: '2', output: 'saw "2"' },
      ],
    });
    expect(await shape()).toEqual([
      'user complete',
      'assistant complete',
      'tool complete',
      'assistant complete',
    ]);
    expect(events.at(-1)).toMatchObject({
      spent: { usage: { inputTokens: 20 }, unpricedCount: 2 },
    });
  });

  it('stores a call before it runs, and its results before the turn completes', async () => {
    const seen: string[][] = [];
    tools = new FakeTools({ look: async () => `${seen.push(await shape())}` });
    await collect(run(new ScriptedProvider([call('1'), calls], done)));
    expect(seen).toEqual([['user complete', 'assistant running']]);
  });

  it('runs nothing when the calls cannot be stored', async () => {
    const provider = new ScriptedProvider([call('1'), calls]);
    const failure = new StorageError('Disk full.', { reason: 'full' });
    const append: typeof store.sessions.append = async (id, messages, lease) => {
      if (messages[0]?.role === 'assistant') throw failure;
      return store.sessions.append(id, messages, lease);
    };
    const sessions = new Proxy(store.sessions, {
      get: (target, name) => (name === 'append' ? append : (Reflect.get(target, name) as unknown)),
    });
    await expect(collect(run(provider, { sessions }))).rejects.toBe(failure);
    expect(tools.calls).toEqual([]);
  });

  it('never runs a call with invalid arguments or of an unknown tool', async () => {
    const invalid = { ...call('1'), invalidInput: '{"pa' } as StreamEvent;
    await collect(run(new ScriptedProvider([invalid, call('2', 'nope'), calls], done)));
    expect(tools.calls).toEqual([]);
    expect(await outputs()).toEqual([
      'The arguments were not a JSON object; the tool was not run.',
      'There is no tool "nope". Available tools: look, list.',
    ]);
  });

  it('runs no call of an answer that was cut off at its maximum length, and reports it', async () => {
    await collect(run(new ScriptedProvider([call('1'), end('length')], done)));
    expect(tools.calls).toEqual([]);
    expect(await outputs()).toEqual([expect.stringContaining('cut off')]);
  });

  it('ends with a refused answer, even if it contains calls', async () => {
    await collect(run(new ScriptedProvider([call('1'), end('refusal')])));
    expect(tools.calls).toEqual([]);
    expect(await shape()).toEqual(['user complete', 'assistant complete']);
  });

  it('tells the model why a call was not approved', async () => {
    const approver = {
      approve: async () => ({ allowed: false as const, reason: 'Not on a Sunday.' }),
    };
    const provider = new ScriptedProvider([call('1'), calls], done);
    await collect(run(provider, { tools: { sources: [tools], approver, maxRounds: 5 } }));
    expect(tools.calls).toEqual([]);
    expect(await outputs()).toEqual(['Not on a Sunday.']);
  });

  it('refuses the same call the third time, regardless of argument order', async () => {
    const provider = new ScriptedProvider(
      [call('1', 'look', { a: 1, b: 2 }), calls],
      [call('2', 'look', { b: 2, a: 1 }), calls],
      [call('3', 'look', { a: 1, b: 2 }), call('4', 'look', { a: 2, b: 1 }), calls],
      done,
    );
    await collect(run(provider));
    expect(tools.calls).toHaveLength(3);
    expect((await outputs())[2]).toContain('was made before');
  });

  it('repeats the same call as long as its result differs', async () => {
    let polls = 0;
    tools = new FakeTools({ get_status: () => `${(polls += 1)} of 9` });
    const rounds = Array.from({ length: 6 }, (_, i) => [
      call(`${i}`, 'get_status', { id: 7 }),
      calls,
    ]);
    await collect(
      run(new ScriptedProvider(...rounds, done), {
        tools: { sources: [tools], approver: allowAll, maxRounds: 9 },
      }),
    );
    expect(await outputs()).toEqual([1, 2, 3, 4, 5, 6].map((poll) => `${poll} of 9`));
  });

  it('never refuses repetitions of a tool that may be repeated', async () => {
    tools = new FakeTools({ get_status: () => 'queued' }, 'execute');
    const list = tools.list.bind(tools);
    tools.list = async () => (await list()).map((tool) => ({ ...tool, mayBeRepeated: true }));
    const rounds = Array.from({ length: 8 }, (_, i) => [
      call(`${i}`, 'get_status', { id: 7 }),
      calls,
    ]);
    await collect(
      run(new ScriptedProvider(...rounds, done), {
        tools: { sources: [tools], approver: allowAll, maxRounds: 9 },
      }),
    );
    expect(tools.calls).toHaveLength(8);
  });

  it('refuses a call the third time without asking if the user rejected it twice', async () => {
    let questions = 0;
    const approver = {
      approve: async () => ({
        allowed: false as const,
        reason: `No. ${String((questions += 1) > 0)}`,
      }),
    };
    const rounds = [1, 2, 3].map((id) => [call(`${id}`, 'list', {}), calls]);
    const provider = new ScriptedProvider(...rounds, done);
    await collect(run(provider, { tools: { sources: [tools], approver, maxRounds: 5 } }));
    expect(questions).toBe(2);
    expect((await outputs())[2]).toContain('was made before');
  });

  it('reports the words of a user who rejects a call, which the model gets', async () => {
    const reason = 'The user rejected the call: use parseFloat';
    const approver = {
      approve: async () => ({ allowed: false as const, reason, rejection: 'use parseFloat' }),
    };
    const provider = new ScriptedProvider([call('1', 'list', {}), calls], done);
    const events = await collect(
      run(provider, { tools: { sources: [tools], approver, maxRounds: 5 } }),
    );
    expect(events.find(({ type }) => type === 'tool-end')).toMatchObject({
      ...{ durationMs: null, rejection: 'use parseFloat' },
    });
    expect(await outputs()).toEqual([reason]);
  });

  it('does not ask about arguments that do not fit the schema of the tool', async () => {
    const asked: string[] = [];
    const approver = {
      approve: async ({ id }: { id: string }) => {
        asked.push(id);
        return { allowed: true as const };
      },
    };
    const list = tools.list.bind(tools);
    const inputSchema = {
      type: 'object',
      properties: { path: { type: 'string' } },
      required: ['path'],
    };
    tools.list = async () => (await list()).map((tool) => ({ ...tool, inputSchema }));
    const provider = new ScriptedProvider(
      [
        call('1', 'look', { path: 7 }),
        call('2', 'look', {}),
        call('3', 'look', { path: 'a' }),
        calls,
      ],
      done,
    );
    await collect(run(provider, { tools: { sources: [tools], approver, maxRounds: 5 } }));
    expect(asked).toEqual(['3']);
    expect(tools.calls).toHaveLength(1);
    expect((await outputs()).slice(0, 2)).toEqual([
      'The arguments of "look" are wrong: "path" must be a string.',
      'The arguments of "look" are wrong: "path" is missing.',
    ]);
  });

  it('allows the same call again after another call that may have changed something', async () => {
    const write = Object.assign(new FakeTools({ write: () => 'ok' }, 'write'), { name: 'other' });
    const rounds = [1, 2, 3].flatMap((round) => [
      [call(`a${round}`, 'list', {}), calls],
      [call(`b${round}`, 'write', { round }), calls],
    ]);
    const provider = new ScriptedProvider(...rounds, done);
    const sources = [tools, write];
    await collect(run(provider, { tools: { sources, approver: allowAll, maxRounds: 9 } }));
    expect(tools.calls).toHaveLength(3);
  });

  it('ends a turn that keeps repeating a call', async () => {
    const same = Array.from({ length: 50 }, (_, index) => [call(`${index}`, 'list', {}), calls]);
    const turn = run(new ScriptedProvider(...same), {
      tools: { sources: [tools], approver: allowAll, maxRounds: 50 },
    });
    await expect(collect(turn)).rejects.toThrow('the same call over and over');
    expect(tools.calls).toHaveLength(2);
    expect((await shape()).at(-1)).toBe('tool complete');
  });

  it('ends after the maximum number of rounds, with a result for every call', async () => {
    const provider = new ScriptedProvider(
      [call('1'), calls],
      [call('2'), calls],
      [call('3'), calls],
    );
    const turn = run(provider, { tools: { sources: [tools], approver: allowAll, maxRounds: 2 } });
    await expect(collect(turn)).rejects.toThrow(LimitReachedError);
    expect(tools.calls).toHaveLength(2);
    expect((await outputs())[2]).toContain('more than 2 rounds');
    expect((await shape()).slice(-2)).toEqual(['assistant complete', 'tool complete']);
  });

  it('checks the budget before each further request, and runs no call that it cannot pay for', async () => {
    const checkSpent = ({ unpricedCount }: { unpricedCount: number }) => {
      if (unpricedCount === 2) throw new LimitReachedError('Two are enough.');
    };
    const provider = new ScriptedProvider([call('1'), calls], [call('2'), calls], done);
    await expect(
      collect(run(provider, { budget: { checkSpent, checkRequest: () => undefined } })),
    ).rejects.toThrow('Two are enough.');
    expect(provider.requests).toHaveLength(2);
    expect(tools.calls).toHaveLength(1);
    expect(await outputs()).toEqual(['saw "1"', 'Two are enough. The call was not run.']);
  });

  it('does not store the question if the budget is already used up', async () => {
    const checkSpent = () => {
      throw new LimitReachedError('Enough.');
    };
    await expect(
      collect(
        run(new ScriptedProvider(done), { budget: { checkSpent, checkRequest: () => undefined } }),
      ),
    ).rejects.toThrow();
    expect(await stored()).toEqual([]);
  });

  it('keeps finished work when it is interrupted during a tool', async () => {
    tools = new FakeTools({
      look: ({ id }) => {
        if (id === '2') controller.abort(new InterruptedError('Ctrl-C'));
        return `saw ${id as string}`;
      },
    });
    const turn = run(new ScriptedProvider([call('1'), call('2'), call('3'), calls]));
    await expect(collect(turn)).rejects.toThrow('Ctrl-C');
    expect(await shape()).toEqual(['user complete', 'assistant interrupted', 'tool interrupted']);
    const request = await toRequestMessages(await stored(), store.attachments);
    expect(request.at(-1)?.parts).toMatchObject([
      { id: '1', output: 'saw 1' },
      { id: '2', output: 'This call was interrupted; its effect is unknown.' },
      { id: '3', output: 'This call was interrupted; its effect is unknown.' },
    ]);
  });

  it('limits the number of calls that one answer may run', async () => {
    const many = Array.from({ length: 70 }, (_, index) => call(`${index}`));
    await collect(run(new ScriptedProvider([...many, calls], done)));
    expect(tools.calls).toHaveLength(64);
    expect((await outputs()).at(-1)).toContain('too many calls');
  });

  it.each<[string, (id: number) => StreamEvent]>([
    ['calls', (id) => call(`${id}`, 'list', {})],
    ['calls that only begin', (id) => ({ type: 'tool-call-start', id: `${id}`, name: 'list' })],
  ])('stops an answer with endless small %s, and keeps the part received', async (_name, event) => {
    let sent = 0;
    const provider = new ScriptedProvider();
    provider.stream = async function* () {
      for (;;) {
        // An answer that nothing ends would fill the memory.
        if (sent > 100_000) throw new Error('Nothing has ended it.');
        yield event((sent += 1));
      }
    };
    await expect(collect(run(provider))).rejects.toThrow('exceeded 1024 tool calls');
    expect(sent).toBe(1025);
    expect(tools.calls).toEqual([]);
    expect(await shape()).toEqual(['user complete', 'assistant failed']);
  });

  it('uses the first source if two offer the same tool name', async () => {
    const other = Object.assign(new FakeTools({ look: () => 'other' }), { name: 'other' });
    const provider = new ScriptedProvider([call('1'), calls], done);
    const sources = [tools, other];
    await collect(run(provider, { tools: { sources, approver: allowAll, maxRounds: 1 } }));
    expect(provider.requests[0]?.tools).toHaveLength(2);
    expect([tools.calls.length, other.calls.length]).toEqual([1, 0]);
  });

  it('does not run calls if no tools are given', async () => {
    await collect(run(new ScriptedProvider([call('1'), calls]), { tools: undefined }));
    expect(await shape()).toEqual(['user complete', 'assistant complete']);
  });
});
