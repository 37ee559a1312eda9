import { describe, expect, it } from '@jest/globals';
import { DONE, parseEventData } from './parse-event-data.ts';

const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;

describe('parseEventData', () => {
  it.each(['', 'null', '[]', '"a"', '{"a":1', deep])(
    'refuses what is no object to be read',
    (data) => {
      expect(() => parseEventData(data, 'double')).toThrow('double sent an event');
    },
  );

  it('takes every other object as it is', () => {
    expect(parseEventData('{"a":{"__proto__":[1]}}', 'double')).toEqual(
      JSON.parse('{"a":{"__proto__":[1]}}'),
    );
  });

  it('knows the one event that is no JSON on purpose', () => {
    expect(parseEventData('[DONE]', 'double')).toEqual({ type: DONE });
  });
});
