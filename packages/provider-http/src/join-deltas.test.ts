import { describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '@synapse/core';
import { joinDeltas } from './join-deltas.ts';

const text = (words: string): StreamEvent => ({ type: 'text-delta', text: words });
const thought = (words: string): StreamEvent => ({ type: 'reasoning-delta', text: words });
const end: StreamEvent = { type: 'reasoning-end', replay: null };
const turnEnd: StreamEvent = {
  type: 'turn-end',
  finishReason: { unified: 'stop', raw: 'stop' },
  usage: null,
  model: 'a-model',
};

describe('joinDeltas', () => {
  it('joins what is alike, and keeps the order of everything', () => {
    const events = [thought('a'), thought('b'), end, text('c'), text('d'), end, text('e')];
    expect([...joinDeltas(events, (event) => [event])]).toEqual([
      thought('ab'),
      end,
      text('cd'),
      end,
      text('e'),
    ]);
  });

  it('asks for nothing behind the end of the turn', () => {
    const read: string[] = [];
    const joined = joinDeltas(['words', 'the end', 'behind'], (part) => {
      read.push(part);
      return part === 'the end' ? [turnEnd] : [text(part)];
    });
    expect([...joined]).toEqual([text('words'), turnEnd]);
    expect(read).toEqual(['words', 'the end']);
  });

  it('gives what has come before an error', () => {
    const joined = joinDeltas(['so ', 'far', ''], (part) => {
      if (part === '') throw new Error('cut');
      return [text(part)];
    });
    const seen: StreamEvent[] = [];
    expect(() => {
      for (const event of joined) seen.push(event);
    }).toThrow('cut');
    expect(seen).toEqual([text('so far')]);
  });
});
