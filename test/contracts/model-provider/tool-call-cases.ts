import { describe, expect, it } from '@jest/globals';
import { ANSWER, TOOL_CALLS, type ProviderKit } from './provider-kit.ts';

/** What of an answer may be executed. */
export function toolCallCases(kit: ProviderKit): void {
  describe('tool calls', () => {
    it('come whole, with their ids, behind their start', async () => {
      const events = await kit.answer({ ...ANSWER, toolCalls: TOOL_CALLS });
      expect(events.filter(({ type }) => type === 'tool-call')).toEqual([
        { type: 'tool-call', id: 'call_one', name: 'read_file', input: { path: 'a.txt' } },
        { type: 'tool-call', id: 'call_two', name: 'list', input: {} },
      ]);
      const starts = events.filter(({ type }) => type === 'tool-call-start');
      expect(starts).toMatchObject([{ id: 'call_one' }, { id: 'call_two' }]);
      expect(events.at(-1)).toMatchObject({ finishReason: { unified: 'tool-calls' } });
    });

    it('have ids that are unique within the answer', async () => {
      const call = { id: 'again', name: 'list', arguments: ['{}'] };
      const events = await kit.answer({ toolCalls: [call, call, { ...call, id: '' }] });
      const ids = events.flatMap((event) => (event.type === 'tool-call' ? [event.id] : []));
      expect(new Set(ids).size).toBe(3);
      expect(ids).not.toContain('');
    });

    it.each([
      ['are cut off', ['{"path": "/et']],
      ['are no object', ['[1, 2]']],
      ['have something behind them', ['{"a": 1} and more']],
      [
        'are nested deeper than they could be stored',
        [`{"a":${'['.repeat(9000)}${']'.repeat(9000)}}`],
      ],
    ])('are never executed when their arguments %s', async (_case, pieces) => {
      const events = await kit.answer({ toolCalls: [{ id: 'c1', name: 'rm', arguments: pieces }] });
      expect(events.find(({ type }) => type === 'tool-call')).toEqual({
        type: 'tool-call',
        id: 'c1',
        name: 'rm',
        input: {},
        invalidInput: pieces.join(''),
      });
    });

    it('are never executed when the answer was cut at the limit', async () => {
      const events = await kit.answer({ toolCalls: TOOL_CALLS, finish: 'length' });
      const calls = events.filter((event) => event.type === 'tool-call');
      expect(calls.map((call) => call.invalidInput)).toEqual(['{"path":"a.txt"}', '']);
    });

    it('take a key __proto__ for a key like any other', async () => {
      const events = await kit.answer({
        toolCalls: [{ id: 'c1', name: 'set', arguments: ['{"__proto__":{"polluted":1}}'] }],
      });
      const call = events.find((event) => event.type === 'tool-call');
      expect(Object.keys(call?.input ?? {})).toEqual(['__proto__']);
      expect(({} as { polluted?: number }).polluted).toBeUndefined();
    });

    it('may be fifty at once, and may be large', async () => {
      const large = JSON.stringify({ text: 'x'.repeat(2_000_000) });
      const toolCalls = Array.from({ length: 50 }, (_, index) => ({
        id: `call_${index}`,
        name: 'write',
        arguments: index === 0 ? [large] : [`{"n":${index}}`],
      }));
      const calls = (await kit.answer({ toolCalls })).filter((event) => event.type === 'tool-call');
      expect(calls.map((call) => call.id)).toEqual(toolCalls.map(({ id }) => id));
      expect(JSON.stringify(calls[0]?.input)).toBe(large);
    });
  });
}
