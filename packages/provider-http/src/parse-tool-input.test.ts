import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseToolInput } from './parse-tool-input.ts';

describe('parseToolInput', () => {
  it('takes nothing for an empty object', () => {
    expect(parseToolInput(' ', true)).toEqual({ input: {} });
  });

  it.each(['[]', 'null', '"a"', '1', '{"a":1', '{"a":1}}', "{'a':1}", '{"a":1,}'])(
    'does not take or repair %s',
    (text) => {
      expect(parseToolInput(text, true)).toEqual({ input: {}, invalidInput: text });
    },
  );

  it('never takes a beginning for the whole', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 });
    fc.assert(
      fc.property(object, fc.nat(), (value, seed) => {
        const text = JSON.stringify(value);
        const cut = 1 + (seed % (text.length - 1));
        expect(parseToolInput(text.slice(0, cut), true).invalidInput).toBeDefined();
        expect(JSON.stringify(parseToolInput(text, true).input)).toBe(
          JSON.stringify(JSON.parse(text)),
        );
      }),
    );
  });

  it('does not take what is nested too deep to be stored', () => {
    const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(parseToolInput(nested(100), true).invalidInput).toBeUndefined();
    expect(parseToolInput(nested(100_000), true)).toEqual({
      input: {},
      invalidInput: nested(100_000),
    });
  });

  it('keeps what came well-formed', () => {
    expect(parseToolInput('{"a": "\ud83d', true).invalidInput).toBe('{"a": "\ufffd');
  });
});
