import { describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '@synapse/core';
import { answerReaderContract } from '@synapse/test/contracts/answer-reader-contract';
import { joinDeltas, textOfEvents } from '@synapse/test/support/read-answer';
import { readPieces, TEST_CONTEXT } from '@synapse/test/support/read-pieces';
import { toWire } from '@synapse/test/support/wire/wire-events';
import { fixtureStreams } from '@synapse/test/support/wire/wire-streams';
import { ChatReader } from './from-chat-events.ts';

const createReader = (): ChatReader => new ChatReader(TEST_CONTEXT, 'asked');

async function readText(text: string) {
  return readPieces(createReader(), [Buffer.from(text)]);
}

async function read(chunks: readonly object[]) {
  const lines = chunks.map((chunk) => JSON.stringify(chunk));
  return readText(toWire('openai-chat', lines).join(''));
}

async function readFixture(name: string): Promise<StreamEvent[]> {
  const { lines } = fixtureStreams('openai-chat').find((stream) => stream.name === name)!;
  return joinDeltas((await readText(toWire('openai-chat', lines).join(''))).events);
}

const reasoningIn = (field: string): object => ({
  dialect: 'openai-chat',
  data: { type: 'reasoning', field },
});
const delta = (delta: object, finish_reason: string | null = null): object => ({
  choices: [{ index: 0, delta, finish_reason }],
});
const call = (piece: object): object => delta({ tool_calls: [piece] });
const stop = delta({}, 'stop');
const calls = (events: readonly StreamEvent[]) =>
  events.filter((event) => event.type === 'tool-call');

answerReaderContract({
  dialect: 'openai-chat',
  createReader,
  alike: [
    ...[delta({ content: 'a' }), delta({ role: 'assistant', content: 'a' })],
    ...[delta({ content: '\ud83d' }), delta({ content: '\udc4b' }), delta({ content: 7 })],
    ...[delta({ content: 'a', refusal: 'b' }), delta({ content: 'a' }, 'stop'), delta({})],
    ...[delta({ content: 'a', reasoning_content: 'b' }), delta({ reasoning_content: 'a' })],
    { ...delta({ content: 'a' }), model: 'another' },
    { ...delta({ content: 'a' }), usage: { prompt_tokens: 7, completion_tokens: 7 } },
    { ...delta({ content: 'a' }), x_groq: { usage: { prompt_tokens: 7, completion_tokens: 7 } } },
    { ...delta({ content: 'a' }), error: { message: 'x' } },
    ...[{ choices: [] }, { choices: null }],
  ],
  isTerminal: (line) => line.includes('"finish_reason":"'),
});

describe('ChatReader', () => {
  it('reads reasoning from its own field, then calls by their index', async () => {
    const events = await readFixture('chat-reasoning-then-calls-by-index');
    expect(events.slice(0, 2)).toEqual([
      { type: 'reasoning-delta', text: 'Both at once — да.' },
      { type: 'reasoning-end', replay: reasoningIn('reasoning_content') },
    ]);
    expect(events.slice(-3)).toEqual([
      { type: 'tool-call', id: 'fix_1', name: 'weather', input: { city: 'Kyiv' } },
      { type: 'tool-call', id: 'fix_2', name: 'weather', input: { city: '東京' } },
      {
        type: 'turn-end',
        finishReason: { unified: 'tool-calls', raw: 'tool_calls' },
        usage: {
          inputTokens: 31,
          outputTokens: 12,
          cacheReadTokens: 16,
          cacheWriteTokens: 0,
          reasoningTokens: 4,
          estimated: false,
        },
        model: 'fixture-1',
      },
    ]);
  });

  it('accepts whole calls without an index, even if they end with "stop"', async () => {
    const events = await readFixture('chat-whole-calls-without-index');
    expect(calls(events)).toMatchObject([
      { id: 'fixcall01', input: {} },
      { id: 'fixcall02', input: { path: 'b.txt' } },
    ]);
    expect(events.at(-1)).toMatchObject({
      finishReason: { unified: 'tool-calls', raw: 'stop' },
      usage: { inputTokens: 5, outputTokens: 6 },
    });
  });

  it('accepts content in parts, including thinking', async () => {
    const { events } = await read([
      delta({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] }),
      delta({ content: [{ type: 'text', text: 'Yes.' }] }),
      stop,
    ]);
    expect(events.slice(0, 3)).toEqual([
      { type: 'reasoning-delta', text: 'Hm.' },
      { type: 'reasoning-end', replay: null },
      { type: 'text-delta', text: 'Yes.' },
    ]);
  });

  it('reads reasoning once if a server sends it twice', async () => {
    const { events } = await read([delta({ reasoning: 'Hm.', reasoning_content: 'Hm.' }), stop]);
    expect(events[0]).toEqual({ type: 'reasoning-delta', text: 'Hm.' });
  });

  it.each(['reasoning_content', 'reasoning'])(
    'keeps the name of the field that reasoning came in: %s',
    async (field) => {
      const { events } = await read([delta({ [field]: 'Hm.' }), stop]);
      expect(events[1]).toEqual({ type: 'reasoning-end', replay: reasoningIn(field) });
    },
  );

  it('keeps extra fields of a call, in any of its pieces', async () => {
    const extra = { google: { thought_signature: 'c2lnbmVk' } };
    const chunks = [
      call({ index: 0, id: 'c1', function: { name: 'a', arguments: '{}' }, extra_content: extra }),
      call({ index: 0, extra_content: null, signed_by: 'server', type: 'function' }),
      call({ index: 1, id: 'c2', function: { name: 'b', arguments: '{}' } }),
      stop,
    ];
    const { events } = await read(chunks);
    const fields = { extra_content: extra, signed_by: 'server' };
    const replay = { dialect: 'openai-chat', data: { type: 'fields', fields } };
    expect(calls(events)).toEqual([
      { type: 'tool-call', id: 'c1', name: 'a', input: {}, replay },
      { type: 'tool-call', id: 'c2', name: 'b', input: {} },
    ]);
  });

  it('keeps extra fields of a message, on its text or before its calls', async () => {
    const extra_content = { google: { thought_signature: 'c2lnbmVk' } };
    const replay = { dialect: 'openai-chat', data: { type: 'fields', fields: { extra_content } } };
    const noise = { audio: {}, function_call: null, annotations: ['a'], padding: 'x' };
    const said = await read([delta({ content: 'Yes.' }), delta({ extra_content, ...noise }), stop]);
    expect(said.events.slice(1, -1)).toEqual([{ type: 'text-end', replay }]);
    const called = await read([
      delta({ extra_content }),
      call({ id: 'c1', function: { name: 'a', arguments: '{}' } }),
      stop,
    ]);
    const types = called.events.map(({ type }) => type);
    expect(types.indexOf('reasoning-end')).toBeLessThan(types.indexOf('tool-call'));
    expect(called.events).toContainEqual({ type: 'reasoning-end', replay });
  });

  it('needs neither [DONE] nor a blank line at the end', async () => {
    const text = `data: ${JSON.stringify(delta({ content: 'a' }))}\n\ndata: ${JSON.stringify(stop)}`;
    const { events, error } = await readText(text);
    expect(error).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ finishReason: { unified: 'stop' }, model: 'asked' });
  });

  it('does not end at a finish reason if more of the answer follows', async () => {
    const chunks = [delta({ content: 'Hello' }, 'stop'), delta({ content: ' world' }, 'stop')];
    const whole = await read(chunks);
    expect(textOfEvents(whole.events, 'text-delta')).toBe('Hello world');
    expect(whole.events.at(-1)).toMatchObject({ finishReason: { unified: 'stop' } });
    const lines = [chunks[0], delta({ content: ' world' })].map(
      (chunk) => `data: ${JSON.stringify(chunk)}\n\n`,
    );
    const cut = await readText(lines.join(''));
    expect(cut.error).toMatchObject({ reason: 'network' });
    const ended = await readText(`${lines.join('')}data: [DONE]\n\n`);
    expect(ended.events.at(-1)).toMatchObject({ finishReason: { raw: 'stop' } });
  });

  const usage = { prompt_tokens: 111, completion_tokens: 222 };
  it.each([
    ['a usage behind it', true, [stop, { choices: [], usage }]],
    ['a usage beside it', true, [{ ...stop, usage }]],
    ['an empty delta behind both', true, [{ ...stop, usage }, delta({ content: '' })]],
    ['no usage', false, [stop]],
    ['a usage in front of it only', false, [{ ...delta({ content: 'a' }), usage }, stop]],
    ['a piece of the answer beside it', false, [{ ...delta({ content: 'a' }, 'stop'), usage }]],
    ['more behind it', false, [{ ...stop, usage }, delta({ content: 'a' })]],
    ['a call behind it', false, [{ ...stop, usage }, call({ index: 0, id: 'c1' })]],
  ])('is complete by a finish reason with %s: %s', (_case, isComplete, chunks: object[]) => {
    const reader = createReader();
    for (const chunk of chunks) reader.read({ ...chunk }, null);
    expect(reader.isComplete).toBe(isComplete);
  });

  it('reports usage as soon as a chunk has it, and works without it', async () => {
    const first = { ...delta({ role: 'assistant', content: '' }), model: 'dated', usage };
    const { told, error } = await read([first, delta({ content: 'a' }), stop, { usage: {} }]);
    expect(error).toBeUndefined();
    const counted = { inputTokens: 111, outputTokens: 222, estimated: false };
    expect(told).toMatchObject([
      { type: 'started', model: 'dated' },
      { type: 'usage', usage: counted },
    ]);
    const prompted = { choices: [], prompt_filter_results: [] };
    expect((await read([prompted])).told).toEqual([]);
  });

  it('adds reasoning to the output if the server counts it separately', async () => {
    const usage = (total_tokens: number) => ({
      choices: [],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens,
        completion_tokens_details: { reasoning_tokens: 3 },
      },
    });
    expect((await read([stop, usage(18)])).events.at(-1)).toMatchObject({
      usage: { outputTokens: 8, reasoningTokens: 3 },
    });
    expect((await read([stop, usage(15)])).events.at(-1)).toMatchObject({
      usage: { outputTokens: 5, reasoningTokens: 3 },
    });
  });

  it.each([
    ['an error', { error: { message: 'Upstream is down.', code: 502 } }, 'overloaded', 502],
    ['a rate limit', { error: { message: 'Slow down.', code: 429 } }, 'rate-limit', 429],
    ['an error in words', { error: 'model crashed' }, 'overloaded', undefined],
    ['an error as finish reason', delta({}, 'error'), 'overloaded', undefined],
  ])('throws %s in the middle', async (_case, chunk, reason, status) => {
    const { events, error } = await read([delta({ content: 'Well' }), chunk, stop]);
    expect(events).toEqual([{ type: 'text-delta', text: 'Well' }]);
    expect(error).toMatchObject({ reason, status, isRetryable: true });
  });

  it('ignores choices and fields that it does not know', async () => {
    const { events, error } = await read([
      { object: 'ping' },
      { choices: null },
      { choices: [null] },
      { choices: [{ delta: { content: 7, tool_calls: 'none' } }] },
      stop,
    ]);
    expect(error).toBeUndefined();
    expect(events.map(({ type }) => type)).toEqual(['turn-end']);
  });

  it('reads a legacy function call as a call', async () => {
    const { events } = await read([
      delta({ content: null, function_call: { name: 'weather', arguments: '' } }),
      delta({ function_call: { arguments: '{"city":' } }),
      delta({ function_call: { arguments: '"Rome"}' } }),
      delta({}, 'function_call'),
    ]);
    expect(calls(events)).toMatchObject([{ name: 'weather', input: { city: 'Rome' } }]);
    expect(events.at(-1)).toMatchObject({
      finishReason: { unified: 'tool-calls', raw: 'function_call' },
    });
  });

  it('reads reasoning that is only in the details of a router', async () => {
    const { events } = await read([
      delta({ reasoning_details: [{ type: 'reasoning.text', text: 'Hm, ' }] }),
      delta({ reasoning_details: [{ type: 'reasoning.summary', summary: 'well.' }] }),
      delta({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'c2VhbGVk' }] }),
      delta({ content: 'Yes.' }),
      stop,
    ]);
    expect(textOfEvents(events, 'reasoning-delta')).toBe('Hm, well.');
    expect(textOfEvents(events, 'text-delta')).toBe('Yes.');
  });

  it('keeps the details of reasoning in their order, each piece where it belongs', async () => {
    const { lines } = fixtureStreams('openai-chat').find(
      ({ name }) => name === 'chat-router-with-sealed-reasoning',
    )!;
    const wire = toWire('openai-chat', lines).join('');
    const { events } = await readText(wire);
    const details = [
      {
        type: 'reasoning.text',
        text: 'Первое, second.',
        signature: 'c2lnbmVkIGZpeHR1cmU=',
        format: 'anthropic-claude-v1',
        index: 0,
      },
      {
        type: 'reasoning.encrypted',
        data: 'c2VhbGVkIGZpeHR1cmU=',
        id: 'call_fixture',
        format: 'google-gemini-v1',
        index: 1,
      },
    ];
    const data = { type: 'details', details };
    const replay = { dialect: 'openai-chat', data, isBound: true };
    expect(events.slice(1, 3)).toEqual([
      { type: 'reasoning-end', replay },
      { type: 'text-delta', text: 'I look. 🔍' },
    ]);
  });

  it('keeps details without readable text, after the text or with a call', async () => {
    const sealed = (data: string) => ({ type: 'reasoning.encrypted', data, index: 0 });
    const { events } = await read([
      delta({ content: 'Yes.' }),
      delta({ reasoning_details: [sealed('b25l'), sealed('dHdv')] }),
      delta({
        reasoning_details: [sealed('dGhyZWU=')],
        tool_calls: [{ index: 0, id: 'c1', function: { name: 'a', arguments: '{}' } }],
      }),
      stop,
    ]);
    const details = events.flatMap((event) =>
      event.type === 'reasoning-end' ? (event.replay?.data as { details: object[] }).details : [],
    );
    expect(details).toEqual([sealed('b25l'), sealed('dHdv'), sealed('dGhyZWU=')]);
    expect(events.at(-2)).toMatchObject({ type: 'tool-call', id: 'c1' });
  });

  it('ignores keep-alive chunks', async () => {
    const text = toWire('openai-chat', [JSON.stringify(stop)]).join('data:\n\nevent: wait\n\n');
    const { events, error } = await readText(`: processing\n\ndata: \n\n${text}`);
    expect(error).toBeUndefined();
    expect(events.map(({ type }) => type)).toEqual(['turn-end']);
  });
});
