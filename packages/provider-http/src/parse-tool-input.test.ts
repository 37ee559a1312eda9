import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseToolInput } from './parse-tool-input.ts';

describe('parseToolInput', () => {
  it('reads an empty string as an empty object', () => {
    expect(parseToolInput(' ', true)).toEqual({ input: {} });
  });

  it.each(['[]', 'null', '"a"', '1', '{"a":1', '{"a":1}}', "{'a':1}", '{"a":1,}'])(
    'neither accepts nor repairs %s',
    (text) => {
      expect(parseToolInput(text, true)).toEqual({ input: {}, invalidInput: text });
    },
  );

  it('never accepts truncated input', () => {
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

  it('rejects input that is nested too deeply to be stored', () => {
    const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(parseToolInput(nested(100), true).invalidInput).toBeUndefined();
    expect(parseToolInput(nested(100_000), true)).toEqual({
      input: {},
      invalidInput: nested(100_000),
    });
  });

  it('keeps the input well-formed', () => {
    expect(parseToolInput('{"a": "\ud83d', true).invalidInput).toBe('{"a": "\ufffd');
  });
});
