import { describe, expect, it } from '@jest/globals';
import { DONE, parseEventData } from './parse-event-data.ts';

const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;

describe('parseEventData', () => {
  it.each(['', 'null', '[]', '"a"', '{"a":1', deep])(
    'rejects data that is not an object',
    (data) => {
      expect(() => parseEventData(data, 'double')).toThrow('double sent an event');
    },
  );

  it('returns every other object unchanged', () => {
    expect(parseEventData('{"a":{"__proto__":[1]}}', 'double')).toEqual(
      JSON.parse('{"a":{"__proto__":[1]}}'),
    );
  });

  it('recognises the one event that is not JSON on purpose', () => {
    expect(parseEventData('[DONE]', 'double')).toEqual({ type: DONE });
  });
});
