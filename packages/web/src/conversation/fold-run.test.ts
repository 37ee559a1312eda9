import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ServerEvent } from '../api/read-events.ts';
import { textOfBlocks, toBlocks } from './blocks.ts';
import { emptyAnswer, foldRun, type LiveAnswer } from './fold-run.ts';

const event = (type: string, data: object = {}): ServerEvent => ({ id: null, type, data });
const fold = (events: readonly ServerEvent[], from = emptyAnswer): LiveAnswer =>
  events.reduce(foldRun, from);

const call = { callId: 'call_1', name: 'shell' };
const withTool = [
  event('started', { model: 'double-1' }),
  event('reasoning-delta', { text: 'Look first.' }),
  event('reasoning-end'),
  event('tool-call-start', call),
  event('tool-call-delta', { callId: 'call_1', inputText: '{"command":' }),
  event('tool-call', { ...call, input: { command: 'ls' } }),
  event('tool-approval', call),
  event('tool-start', call),
  event('tool-end', { ...call, output: 'a\n', isError: false, attachments: [], durationMs: 12 }),
  event('text-delta', { text: 'There is ' }),
  event('text-delta', { text: 'one file.' }),
  event('text-end'),
  event('run-ended', { outcome: 'complete', error: null }),
];

describe('a run', () => {
  it('becomes the blocks that its stored messages become', () => {
    const { blocks, state } = fold(withTool);
    const common = {
      ...{ turn: 1, variantOf: null, active: true, status: 'complete' as const, provider: null },
      ...{ model: null, usage: null, costUsd: null, latencyMs: null, error: null, createdAt: '' },
    };
    const stored = toBlocks([
      {
        ...{ ...common, id: 'a', seq: 2, role: 'assistant' },
        parts: [
          { type: 'reasoning', text: 'Look first.' },
          { type: 'tool-call', id: 'call_1', name: 'shell', input: { command: 'ls' } },
        ],
      },
      {
        ...{ ...common, id: 'b', seq: 3, role: 'tool' },
        parts: [
          { type: 'tool-result', id: 'call_1', name: 'shell', output: 'a\n', isError: false },
        ],
      },
      {
        ...{ ...common, id: 'c', seq: 4, role: 'assistant' },
        parts: [{ type: 'text', text: 'There is one file.' }],
      },
    ]);
    const plain = (value: typeof blocks) =>
      value.map((block) =>
        block.kind === 'tool' ? { ...block, messageId: null, durationMs: null } : block,
      );
    expect(plain(blocks)).toEqual(plain(stored));
    expect(state).toBe('complete');
  });

  it('has each text once, wherever the stream was cut and followed again', () => {
    const piece = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(fc.array(piece), fc.nat(), (pieces, place) => {
        const events = pieces.map((text) => event('text-delta', { text }));
        const cut = place % (events.length + 1);
        const first = fold(events.slice(0, cut));
        const whole = fold(events.slice(cut), first);
        expect(textOfBlocks(whole.blocks)).toBe(pieces.join(''));
      }),
    );
  });

  it('begins again with the messages when earlier events are gone', () => {
    const before = fold([event('text-delta', { text: 'half' })]);
    const run = { id: 'r', sessionId: 's', state: 'active' };
    const reset = foldRun(before, event('reset', { run, messages: [] }));
    expect(reset.blocks).toEqual([]);
    expect(textOfBlocks(foldRun(reset, event('text-delta', { text: 'whole' })).blocks)).toBe(
      'whole',
    );
  });

  it('keeps the blocks that an event does not concern', () => {
    const before = fold(withTool.slice(0, 10));
    const after = foldRun(before, event('text-delta', { text: 'more' }));
    expect(after.blocks[0]).toBe(before.blocks[0]);
    expect(after.blocks[1]).toBe(before.blocks[1]);
  });

  it('shows a failure at its end', () => {
    const failed = fold([
      event('run-ended', { outcome: 'failed', error: { message: 'The key is wrong.' } }),
    ]);
    expect(failed).toMatchObject({
      state: 'failed',
      blocks: [{ kind: 'problem', text: 'The key is wrong.' }],
    });
  });
});
