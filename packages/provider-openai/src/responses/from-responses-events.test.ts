import { describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '@synapse/core';
import { MessageCollector } from '@synapse/core/conversation';
import { answerReaderContract } from '@synapse/test/contracts/answer-reader-contract';
import { joinDeltas, textOfEvents } from '@synapse/test/support/read-answer';
import { readPieces, TEST_CONTEXT } from '@synapse/test/support/read-pieces';
import { toWire } from '@synapse/test/support/wire/wire-events';
import { fixtureStreams } from '@synapse/test/support/wire/wire-streams';
import { ResponsesReader } from './from-responses-events.ts';

const createReader = (): ResponsesReader => new ResponsesReader(TEST_CONTEXT, 'asked');

const delta = { type: 'response.output_text.delta', output_index: 0, delta: 'a' };

answerReaderContract({
  dialect: 'openai-responses',
  createReader,
  alike: [
    ...[delta, { ...delta, delta: '\ud83d' }, { ...delta, delta: '\udc4b' }],
    { ...delta, output_index: 1 },
    { ...delta, delta: 7 },
    { ...delta, type: 'response.refusal.delta' },
    { ...delta, type: 'response.reasoning_text.delta', output_index: 2 },
    { type: 'response.output_item.added', output_index: 0, item: { type: 'message' } },
    { type: 'response.output_item.added', output_index: 2, item: { type: 'reasoning' } },
    { type: 'response.output_item.done', output_index: 0, item: { type: 'message' } },
    { type: 'response.completed', response: { status: 'completed' } },
    { type: 'error', code: 'server_error', message: 'x' },
  ],
  isTerminal: (line) => /"type":"response\.(?:completed|incomplete)"/.test(line),
});

async function read(events: readonly object[]) {
  const lines = events.map((event) => JSON.stringify(event));
  return readPieces(createReader(), [Buffer.from(toWire('openai-responses', lines).join(''))]);
}

async function readFixture(name: string): Promise<StreamEvent[]> {
  const { lines } = fixtureStreams('openai-responses').find((stream) => stream.name === name)!;
  const wire = Buffer.from(toWire('openai-responses', lines).join(''));
  return joinDeltas((await readPieces(createReader(), [wire])).events);
}

const completed = { type: 'response.completed', response: { status: 'completed' } };

describe('ResponsesReader', () => {
  it('keeps the phase of each message, and messages of different phases apart', async () => {
    const message = (output_index: number, phase: string, text: string) => [
      { type: 'response.output_item.added', output_index, item: { type: 'message', phase } },
      { ...delta, output_index, delta: text },
      { type: 'response.output_item.done', output_index, item: { type: 'message' } },
    ];
    const { events } = await read([
      ...message(0, 'commentary', 'I look.'),
      ...message(1, 'final_answer', 'Done.'),
      completed,
    ]);
    const collector = new MessageCollector();
    for (const event of events) collector.add(event);
    const labelled = (text: string, phase: string) => ({
      ...{ type: 'text', text },
      replay: { dialect: 'openai-responses', data: { phase } },
    });
    expect(collector.parts()).toEqual([
      labelled('I look.', 'commentary'),
      labelled('Done.', 'final_answer'),
    ]);
  });

  it('keeps sealed reasoning for the next request', async () => {
    const events = await readFixture('openai-responses-sealed-reasoning-and-calls');
    expect(textOfEvents(events, 'reasoning-delta')).toBe('First α.\n\nThen β.');
    expect(events.find(({ type }) => type === 'reasoning-end')).toEqual({
      type: 'reasoning-end',
      replay: {
        dialect: 'openai-responses',
        data: {
          id: 'rs_fixture',
          encrypted_content: 'c2VhbGVkIGZpeHR1cmU=',
          summary: ['First α.', 'Then β.'],
        },
        isBound: true,
      },
    });
  });

  it('yields calls that stream in parallel, in their order', async () => {
    const events = await readFixture('openai-responses-sealed-reasoning-and-calls');
    expect(events.slice(-3)).toEqual([
      { type: 'tool-call', id: 'call_fixture_a', name: 'weather', input: { city: 'Łódź' } },
      { type: 'tool-call', id: 'call_fixture_b', name: 'clock', input: {} },
      {
        type: 'turn-end',
        finishReason: { unified: 'tool-calls', raw: 'completed' },
        usage: {
          inputTokens: 50,
          outputTokens: 21,
          cacheReadTokens: 32,
          cacheWriteTokens: 0,
          reasoningTokens: 9,
          estimated: false,
        },
        model: 'fixture-1',
      },
    ]);
  });

  it('skips server tools', async () => {
    expect(await readFixture('openai-responses-text-with-server-tool')).toMatchObject([
      { type: 'text-delta', text: 'Καλημέρα, 안녕 🌍' },
      { type: 'turn-end', finishReason: { unified: 'stop' } },
    ]);
  });

  it('yields a refusal as text and marks it', async () => {
    expect(await readFixture('openai-responses-refusal')).toMatchObject([
      { type: 'text-delta', text: 'This fixture says no.' },
      { type: 'turn-end', finishReason: { unified: 'refusal' } },
    ]);
  });

  it('accepts items that arrive at once', async () => {
    const { events } = await read([
      {
        type: 'response.output_item.done',
        output_index: 0,
        item: { type: 'reasoning', id: 'r', summary: [{ text: 'Hm.' }] },
      },
      {
        type: 'response.output_item.done',
        output_index: 1,
        item: { type: 'message', content: [{ type: 'output_text', text: 'Yes.' }] },
      },
      {
        type: 'response.output_item.done',
        output_index: 2,
        item: { type: 'function_call', call_id: 'c', name: 'go', arguments: '{"a":1}' },
      },
      completed,
    ]);
    expect(events).toMatchObject([
      { type: 'reasoning-delta', text: 'Hm.' },
      { type: 'reasoning-end', replay: null },
      { type: 'text-delta', text: 'Yes.' },
      { type: 'tool-call-start', id: 'c' },
      { type: 'tool-call', id: 'c', input: { a: 1 } },
      { type: 'turn-end' },
    ]);
  });

  it.each([
    ['max_output_tokens', 'length'],
    ['content_filter', 'content-filter'],
    ['something_new', 'unknown'],
  ])('maps an answer that is incomplete because of %s to %s', async (reason, unified) => {
    const response = { status: 'incomplete', incomplete_details: { reason } };
    const { events } = await read([{ type: 'response.incomplete', response }]);
    expect(events).toMatchObject([{ finishReason: { unified, raw: reason }, usage: null }]);
  });

  it.each([
    [
      'beside the type',
      { type: 'error', code: 'rate_limit_exceeded', message: 'Slow.' },
      'rate-limit',
    ],
    [
      'in an error',
      { type: 'error', error: { code: 'insufficient_quota', message: 'x' } },
      'quota',
    ],
    [
      'in a response',
      { type: 'response.failed', response: { error: { code: 'server_error', message: 'x' } } },
      'overloaded',
    ],
  ])('throws an error that is sent %s', async (_case, event, reason) => {
    expect((await read([event, completed])).error).toMatchObject({ reason });
  });

  it('accepts text of a message without a start event', async () => {
    const { events } = await read([
      { type: 'response.output_text.delta', output_index: 0, delta: 'Good ' },
      { type: 'response.output_text.delta', output_index: 0, delta: 'morning.' },
      completed,
    ]);
    expect(textOfEvents(events, 'text-delta')).toBe('Good morning.');
  });

  it('reads items that only the last event contains', async () => {
    const output = [
      { type: 'reasoning', id: 'r', summary: [], content: [{ text: 'Hm.' }] },
      { type: 'message', content: [{ type: 'output_text', text: 'Yes.' }] },
      { type: 'function_call', call_id: 'c', name: 'go', arguments: '{"a":1}' },
    ];
    const response = { status: 'completed', output };
    const { events } = await read([{ type: 'response.completed', response }]);
    expect(events).toMatchObject([
      { type: 'reasoning-delta', text: 'Hm.' },
      { type: 'reasoning-end' },
      { type: 'text-delta', text: 'Yes.' },
      { type: 'tool-call-start', id: 'c' },
      { type: 'tool-call', id: 'c', input: { a: 1 } },
      { type: 'turn-end', finishReason: { unified: 'tool-calls' } },
    ]);
  });

  it('ignores anything after the end', async () => {
    const wire = toWire('openai-responses', [JSON.stringify(completed)]).join('');
    const { events, error } = await readPieces(createReader(), [
      Buffer.from(`${wire}data: no\n\n`),
    ]);
    expect([events.length, error]).toEqual([1, undefined]);
  });

  it('throws an error that only the event name reveals', async () => {
    const wire = `event: error\ndata: ${JSON.stringify({ code: 'server_error', message: 'x' })}\n\n`;
    expect((await readPieces(createReader(), [Buffer.from(wire)])).error).toMatchObject({
      reason: 'overloaded',
    });
  });
});
