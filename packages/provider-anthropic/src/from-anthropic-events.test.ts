import { describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '@synapse/core';
import { answerReaderContract } from '@synapse/test/contracts/answer-reader-contract';
import { joinDeltas } from '@synapse/test/support/read-answer';
import { readPieces, TEST_CONTEXT } from '@synapse/test/support/read-pieces';
import { toWire } from '@synapse/test/support/wire/wire-events';
import { fixtureStreams } from '@synapse/test/support/wire/wire-streams';
import { AnthropicReader } from './from-anthropic-events.ts';

const createReader = (): AnthropicReader => new AnthropicReader(TEST_CONTEXT, 'asked');

const piece = {
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text: 'a' },
};

answerReaderContract({
  dialect: 'anthropic',
  createReader,
  alike: [
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_start', index: 1, content_block: { type: 'thinking', thinking: '' } },
    ...[piece, { ...piece, delta: { type: 'text_delta', text: '\ud83d' } }],
    { ...piece, delta: { type: 'text_delta', text: '\udc4b' } },
    ...[
      { ...piece, index: 1 },
      { ...piece, delta: { type: 'text_delta', text: 7 } },
    ],
    { ...piece, index: 1, delta: { type: 'thinking_delta', thinking: 'a', text: 'b' } },
    { ...piece, index: 1, delta: { type: 'signature_delta', signature: 'a' } },
    ...[
      { ...piece, type: 'content_block_stop' },
      { ...piece, delta: null },
    ],
    ...[{ type: 'message_stop' }, { type: 'error', error: { type: 'overloaded_error' } }],
  ],
  isTerminal: (line) => line.includes('"message_stop"'),
});

async function read(events: readonly object[]) {
  const lines = events.map((event) => JSON.stringify(event));
  return readPieces(createReader(), [Buffer.from(toWire('anthropic', lines).join(''))]);
}

async function readFixture(name: string): Promise<StreamEvent[]> {
  const { lines } = fixtureStreams('anthropic').find((stream) => stream.name === name)!;
  const wire = Buffer.from(toWire('anthropic', lines).join(''));
  return joinDeltas((await readPieces(createReader(), [wire])).events);
}

describe('AnthropicReader', () => {
  it('keeps signatures and redacted thinking for the next request', async () => {
    const events = await readFixture('anthropic-thinking-and-two-calls');
    expect(events.filter(({ type }) => type.startsWith('reasoning'))).toEqual([
      { type: 'reasoning-delta', text: 'Two files to read: α and β.' },
      {
        type: 'reasoning-end',
        replay: {
          dialect: 'anthropic',
          data: { type: 'thinking', signature: 'Zml4dHVyZS1zaWduYXR1cmU=' },
          isBound: true,
        },
      },
      {
        type: 'reasoning-end',
        replay: {
          dialect: 'anthropic',
          data: { type: 'redacted_thinking', data: 'aGlkZGVuIGZpeHR1cmU=' },
          isBound: true,
        },
      },
    ]);
  });

  it('reports the tokens of the request at the start', async () => {
    const usage = { input_tokens: 5, cache_read_input_tokens: 90, output_tokens: 1 };
    const { told, error } = await read([
      { type: 'message_start', message: { model: 'dated', usage } },
      { type: 'message_delta', delta: {}, usage: { output_tokens: 70 } },
    ]);
    expect(error).toMatchObject({ reason: 'network' });
    expect(told).toMatchObject([
      { type: 'started', model: 'dated' },
      { type: 'usage', usage: { inputTokens: 95, cacheReadTokens: 90, outputTokens: 1 } },
      { type: 'usage', usage: { inputTokens: 95, cacheReadTokens: 90, outputTokens: 70 } },
    ]);
  });

  it('yields calls after everything else and counts the cache as input', async () => {
    const events = await readFixture('anthropic-thinking-and-two-calls');
    expect(events.slice(-3)).toEqual([
      {
        type: 'tool-call',
        id: 'toolu_fixture_a',
        name: 'read_file',
        input: { path: 'α.txt', limit: 20 },
      },
      { type: 'tool-call', id: 'toolu_fixture_b', name: 'list_files', input: {} },
      {
        type: 'turn-end',
        finishReason: { unified: 'tool-calls', raw: 'tool_use' },
        usage: {
          inputTokens: 1000,
          outputTokens: 77,
          cacheReadTokens: 900,
          cacheWriteTokens: 60,
          reasoningTokens: 31,
          estimated: false,
        },
        model: 'claude-fixture-1',
      },
    ]);
  });

  it('skips server tools and unknown events', async () => {
    const events = await readFixture('anthropic-server-tools-and-strangers');
    expect(events).toMatchObject([
      { type: 'text-delta', text: 'Tea is warm.' },
      { type: 'turn-end', finishReason: { unified: 'stop', raw: 'stop_sequence' } },
    ]);
  });

  it('reports the reason of a refusal', async () => {
    expect(await readFixture('anthropic-refusal-with-reason')).toMatchObject([
      { type: 'notice', text: 'This fixture will not say more.' },
      { type: 'turn-end', finishReason: { unified: 'refusal' }, usage: { outputTokens: 2 } },
    ]);
  });

  it('does not offer unsigned thinking for replay', async () => {
    const { events } = await read([
      {
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'thinking', thinking: 'Hm.' },
      },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_stop' },
    ]);
    expect(events).toMatchObject([
      { type: 'reasoning-delta', text: 'Hm.' },
      { type: 'reasoning-end', replay: null },
      {
        type: 'turn-end',
        finishReason: { unified: 'unknown', raw: null },
        usage: null,
        model: 'asked',
      },
    ]);
  });

  it('uses the input at the start of a block if no delta follows', async () => {
    const { events } = await read([
      {
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'tool_use', id: 'a', name: 'add', input: { by: 1 } },
      },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
      { type: 'message_stop' },
    ]);
    expect(events).toContainEqual({ type: 'tool-call', id: 'a', name: 'add', input: { by: 1 } });
    expect(events.at(-1)).toMatchObject({
      finishReason: { unified: 'tool-calls', raw: 'end_turn' },
    });
  });

  it('closes a block whose index begins again', async () => {
    const text = (text: string) => ({
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'text', text },
    });
    const { events } = await read([text('a'), text('b'), { type: 'message_stop' }]);
    expect(joinDeltas(events)[0]).toEqual({ type: 'text-delta', text: 'ab' });
  });

  it.each([
    ['pause_turn', 'unknown'],
    ['model_context_window_exceeded', 'length'],
    ['constructor', 'unknown'],
  ])('maps the stop reason %s to %s', async (stop_reason, unified) => {
    const { events } = await read([
      { type: 'message_delta', delta: { stop_reason } },
      { type: 'message_stop' },
    ]);
    expect(events).toMatchObject([{ finishReason: { unified, raw: stop_reason } }]);
  });

  it.each([
    ['overloaded_error', 'overloaded', true],
    ['rate_limit_error', 'rate-limit', true],
    ['api_error', 'overloaded', true],
    ['invalid_request_error', 'invalid-request', false],
    ['authentication_error', 'auth', false],
  ])('throws an error in the middle: %s', async (type, reason, isRetryable) => {
    const { error } = await read([{ type: 'error', error: { type, message: 'In the middle.' } }]);
    expect(error).toMatchObject({ reason, isRetryable, status: undefined });
  });

  it('throws an error that only the event name reveals', async () => {
    const error = { type: 'overloaded_error', message: 'Overloaded' };
    const wire = `event: error\ndata: ${JSON.stringify({ error })}\n\n`;
    expect((await readPieces(createReader(), [Buffer.from(wire)])).error).toMatchObject({
      reason: 'overloaded',
    });
  });

  it('never runs a call that the end of the context window cut off', async () => {
    const { events } = await read([
      {
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'tool_use', id: 'a', name: 'add', input: {} },
      },
      {
        type: 'content_block_delta',
        index: 0,
        delta: { type: 'input_json_delta', partial_json: '{}' },
      },
      { type: 'message_delta', delta: { stop_reason: 'model_context_window_exceeded' } },
      { type: 'message_stop' },
    ]);
    expect(events.at(-2)).toMatchObject({ type: 'tool-call', input: {}, invalidInput: '{}' });
  });
});
