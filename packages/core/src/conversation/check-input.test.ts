import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../session/json-value.ts';
import { checkInput } from './check-input.ts';

const schema: JsonObject = {
  type: 'object',
  properties: {
    path: { type: 'string', minLength: 1 },
    lines: { type: 'integer', minimum: 1 },
    kind: { enum: ['file', 'folder'] },
    headers: { type: 'object', additionalProperties: { type: 'string' } },
    name: { type: ['string', 'null'] },
    size: { type: 'number', minimum: 0 },
    tags: { type: 'array' },
  },
  required: ['path'],
  additionalProperties: false,
};

describe('checkInput', () => {
  it.each<[JsonObject, string[]]>([
    [{ path: 'a', lines: 1, kind: 'file', headers: { a: 'b' }, name: null, size: 0, tags: [] }, []],
    [{}, ['"path" is missing.']],
    [{ path: '' }, ['"path" must be a string that is not empty.']],
    [{ path: 1 }, ['"path" must be a string.']],
    [{ path: 'a', lines: 0 }, ['"lines" must be a whole number of at least 1.']],
    [{ path: 'a', lines: 1.5 }, ['"lines" must be a whole number of at least 1.']],
    [{ path: 'a', kind: 'link' }, ['"kind" must be one of "file", "folder".']],
    [{ path: 'a', headers: { a: 1 } }, ['"headers" must be an object whose values are strings.']],
    [{ path: 'a', headers: [] }, ['"headers" must be an object.']],
    [{ path: 'a', name: 1 }, ['"name" must be one of these: string, null.']],
    [{ path: 'a', size: -1 }, ['"size" must be a number of at least 0.']],
    [{ path: 'a', tags: {} }, ['"tags" must be an array.']],
  ])('reads %j', (input, problems) => {
    expect(checkInput(input, schema)).toEqual(problems);
  });

  it('names the valid arguments for an unknown one', () => {
    const problems = checkInput({ path: 'a', constructor: 1 }, schema);
    expect(problems).toEqual([
      expect.stringContaining('There is no "constructor"; it takes "path"'),
    ]);
    expect(checkInput({ a: 1 }, { type: 'object', additionalProperties: false })).toEqual([
      'There is no "a"; it takes no arguments.',
    ]);
  });

  it('accepts unknown schema keywords, whatever schema a server sends', () => {
    const unknown = {
      properties: { a: { anyOf: [{ type: 'string' }] }, b: true, c: { $ref: '#' } },
    };
    expect(checkInput({ a: 1, b: 2, c: 3, d: 4 }, unknown)).toEqual([]);
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (input, any) => {
        const problems = checkInput(
          input as JsonObject,
          { properties: any, required: any } as never,
        );
        expect(Array.isArray(problems)).toBe(true);
      }),
    );
  });
});
