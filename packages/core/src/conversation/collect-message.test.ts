import { describe, expect, it } from '@jest/globals';
import { growthOf, MUCH_GROWTH } from '@synapse/test/support/growth';
import type { StreamEvent, TurnEnd } from '../ports/stream-event.ts';
import { MessageCollector } from './collect-message.ts';

const turnEnd: TurnEnd = {
  type: 'turn-end',
  finishReason: { unified: 'stop', raw: 'end_turn' },
  usage: null,
  model: 'demo',
};

function collect(...events: StreamEvent[]): MessageCollector {
  const collector = new MessageCollector();
  for (const event of events) collector.add(event);
  return collector;
}

describe('MessageCollector', () => {
  it('has neither parts nor an end before the first event', () => {
    const collector = collect();
    expect(collector.parts()).toEqual([]);
    expect(collector.turnEnd).toBeNull();
    expect(collector.sawVisible).toBe(false);
  });

  it('restarts the counts when a request is sent again', () => {
    const usage = {
      ...{ inputTokens: 7, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 },
      ...{ reasoningTokens: 0, estimated: false },
    };
    const first: StreamEvent[] = [
      { type: 'started', model: 'a' },
      { type: 'usage', usage },
    ];
    expect(collect(...first)).toMatchObject({ usage, answerer: { model: 'a' }, isPaid: true });
    const again = collect(...first, { type: 'started', model: 'b' });
    expect(again).toMatchObject({ usage: null, answerer: { model: 'b' }, sawVisible: false });
  });

  it('joins adjacent text, and starts a new part after another kind of part', () => {
    const collector = collect(
      { type: 'text-delta', text: 'Hel' },
      { type: 'text-delta', text: 'lo' },
      { type: 'tool-call', id: 'a', name: 'read', input: { path: 'x' } },
      { type: 'text-delta', text: '!' },
      turnEnd,
    );
    expect(collector.parts()).toEqual([
      { type: 'text', text: 'Hello' },
      { type: 'tool-call', id: 'a', name: 'read', input: { path: 'x' } },
      { type: 'text', text: '!' },
    ]);
    expect(collector.turnEnd).toBe(turnEnd);
  });

  it('keeps the replay data of a text and of a call, and starts a new text after it', () => {
    const replay = { dialect: 'x', data: 1 };
    const collector = collect(
      { type: 'text-delta', text: 'a' },
      { type: 'text-end', replay },
      { type: 'text-delta', text: 'b' },
      { type: 'tool-call', id: 'a', name: 'read', input: {}, replay },
      { type: 'text-end', replay },
    );
    expect(collector.parts()).toEqual([
      { type: 'text', text: 'a', replay },
      { type: 'text', text: 'b' },
      { type: 'tool-call', id: 'a', name: 'read', input: {}, replay },
    ]);
  });

  it('closes each block of reasoning with its own replay', () => {
    const replay = { dialect: 'anthropic', data: { signature: 's' } };
    const collector = collect(
      { type: 'reasoning-delta', text: 'one' },
      { type: 'reasoning-delta', text: ' two' },
      { type: 'reasoning-end', replay },
      { type: 'reasoning-delta', text: 'three' },
      { type: 'reasoning-end', replay: null },
      { type: 'text-delta', text: 'done' },
    );
    expect(collector.parts()).toEqual([
      { type: 'reasoning', text: 'one two', replay },
      { type: 'reasoning', text: 'three' },
      { type: 'text', text: 'done' },
    ]);
  });

  it('keeps a block without text only if it has replay data', () => {
    const replay = { dialect: 'openai-responses', data: 'encrypted' };
    const collector = collect(
      { type: 'reasoning-end', replay },
      { type: 'reasoning-end', replay: null },
    );
    expect(collector.parts()).toEqual([{ type: 'reasoning', text: '', replay }]);
  });

  it('continues open reasoning after text in between', () => {
    const replay = { dialect: 'x', data: 1 };
    const collector = collect(
      { type: 'reasoning-delta', text: 'a' },
      { type: 'text-delta', text: 'b' },
      { type: 'reasoning-delta', text: 'c' },
      { type: 'text-delta', text: 'd' },
      { type: 'reasoning-end', replay },
    );
    expect(collector.parts()).toEqual([
      { type: 'reasoning', text: 'ac', replay },
      { type: 'text', text: 'bd' },
    ]);
  });

  it('takes only complete tool calls, in the order of their completion', () => {
    const collector = collect(
      { type: 'tool-call-start', id: 'a', name: 'read' },
      { type: 'tool-call-start', id: 'b', name: 'list' },
      { type: 'tool-call-delta', id: 'a', inputText: '{"pa' },
      { type: 'tool-call', id: 'b', name: 'list', input: {} },
    );
    expect(collector.parts()).toEqual([{ type: 'tool-call', id: 'b', name: 'list', input: {} }]);
    expect(collector.sawVisible).toBe(true);
    collector.add({ type: 'tool-call', id: 'a', name: 'read', input: {}, invalidInput: '{"pa' });
    expect(collector.parts()[1]).toEqual({
      type: 'tool-call',
      id: 'a',
      name: 'read',
      input: {},
      invalidInput: '{"pa',
    });
  });

  it('does not count notices and the end as visible', () => {
    const collector = collect({ type: 'notice', text: 'trying again' }, turnEnd);
    expect(collector.sawVisible).toBe(false);
    expect(collector.parts()).toEqual([]);
  });

  it('returns parts that later events do not change', () => {
    const collector = collect({ type: 'text-delta', text: 'before' });
    const checkpoint = collector.parts();
    collector.add({ type: 'text-delta', text: ' and after' });
    expect(checkpoint).toEqual([{ type: 'text', text: 'before' }]);
  });

  it('takes a hundred thousand deltas in linear time', () => {
    const growth = growthOf((size) => {
      const collector = new MessageCollector();
      for (let count = 0; count < size; count++) {
        collector.add({ type: 'text-delta', text: 'a piece of text ' });
      }
      const [part] = collector.parts();
      expect(part).toHaveProperty('text.length', size * 16);
    }, 10_000);
    expect(growth).toBeLessThan(MUCH_GROWTH);
  });
});
