import { describe, expect, it } from '@jest/globals';
import {
  anyArguments,
  anyObjectSchema,
  anyUnionSchema,
  inOldDraft,
} from '@synapse/test/support/arbitraries/json-schemas';
import { toolSchemaProblems } from '@synapse/test/support/validators/tool-schema-problems';
import { Validator } from '@cfworker/json-schema';
import fc from 'fast-check';
import type { JsonObject } from '../session/json-value.ts';
import { toToolSchema } from './to-tool-schema.ts';

const samples = fc.array(anyArguments, { minLength: 20, maxLength: 20 });

function validatorOf(schema: JsonObject): (value: JsonObject) => boolean {
  // The validator writes into what it is given.
  const validator = new Validator(structuredClone(schema), '2020-12');
  return (value) => validator.validate(value).valid;
}

/** Counts the arguments that fit the schema; each of them must fit what became of it. */
function expectWider(schema: JsonObject, given: JsonObject, values: JsonObject[]): number {
  const fits = validatorOf(schema);
  const fitting = values.filter((value) => fits(value));
  const tool = toToolSchema(given);
  if (tool === undefined) {
    expect(fitting).toEqual([]);
    return 0;
  }
  expect(toolSchemaProblems(tool)).toEqual([]);
  const fitsTool = validatorOf(tool);
  for (const value of fitting)
    expect({ value, fits: fitsTool(value) }).toEqual({ value, fits: true });
  return fitting.length;
}

describe('toToolSchema', () => {
  it('adds an empty "properties" to an object without properties', () => {
    expect(toToolSchema({ type: 'object' })).toEqual({ type: 'object', properties: {} });
    expect(toToolSchema({})).toEqual({ type: 'object', properties: {} });
  });

  it('keeps a schema that every provider accepts, in the same order', () => {
    const schema = {
      type: 'object',
      properties: {
        path: { type: 'string', description: 'A path.', minLength: 1 },
        lines: { type: 'array', items: { type: 'integer' } },
      },
      required: ['path'],
      additionalProperties: false,
    };
    expect(JSON.stringify(toToolSchema(schema))).toBe(JSON.stringify(schema));
  });

  it('merges alternatives into one object, and describes the requirements of each', () => {
    const one = {
      properties: { kind: { const: 'path' }, path: { type: 'string' } },
      required: ['kind', 'path'],
    };
    const other = {
      properties: { kind: { const: 'id' }, id: { type: 'integer' } },
      required: ['kind', 'id'],
    };
    const schema = { type: 'object', description: 'Opens it.', oneOf: [one, other] };
    expect(toToolSchema(schema)).toEqual({
      type: 'object',
      description: 'Opens it.\nRequired: "kind": "path", "path"; or: "kind": "id", "id".',
      properties: {
        kind: { enum: ['path', 'id'] },
        path: { type: 'string' },
        id: { type: 'integer' },
      },
      required: ['kind'],
    });
  });

  it.each<[string, JsonObject]>([
    ['names it without a type', { properties: { a: {} } }],
    ['takes other properties of a type', { additionalProperties: { type: 'integer' } }],
    ['takes names of a pattern', { patternProperties: { '^a': { type: 'integer' } } }],
  ])('leaves a property unrestricted if one alternative %s', (_case, other) => {
    const schema = { anyOf: [{ properties: { a: { type: 'string' } } }, other] };
    expect(toToolSchema(schema)?.properties).toEqual({ a: {} });
  });

  it('merges the parts of allOf, also behind a reference', () => {
    const schema = {
      allOf: [{ $ref: '#/definitions/Base' }, { properties: { b: {} }, required: ['b'] }],
      definitions: { Base: { type: 'object', properties: { a: { type: 'string' } } } },
    };
    expect(toToolSchema(schema)).toEqual({
      type: 'object',
      properties: { a: { type: 'string' }, b: {} },
      required: ['b'],
    });
  });

  it('translates the keywords of older drafts', () => {
    const schema = {
      $schema: 'http://json-schema.org/draft-04/schema#',
      type: 'object',
      properties: {
        age: { type: 'integer', minimum: 0, exclusiveMinimum: true },
        pair: {
          type: 'array',
          items: [{ type: 'string' }, { type: 'number' }],
          additionalItems: false,
        },
        tags: { type: 'array' },
        next: { $ref: '#/definitions/Node' },
        self: { $ref: '#' },
        odd: { type: 'any', pattern: '(?P<x>a)', required: true, enum: ['a', 'a'] },
      },
      dependencies: { age: ['pair'] },
      definitions: { Node: { properties: { next: { $ref: '#/definitions/Node' } } } },
    };
    const tool = toToolSchema(schema);
    expect(toolSchemaProblems(tool)).toEqual([]);
    expect(tool).toMatchObject({
      properties: {
        age: { type: 'integer', exclusiveMinimum: 0 },
        pair: { prefixItems: [{ type: 'string' }, { type: 'number' }], items: { not: {} } },
        tags: { type: 'array', items: {} },
        next: { $ref: '#/$defs/Node' },
        self: { $ref: '#/$defs/root' },
        odd: { enum: ['a'] },
      },
      required: ['odd'],
      dependentRequired: { age: ['pair'] },
      $defs: { Node: { properties: { next: { $ref: '#/$defs/Node' } } } },
    });
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['to nothing', { $ref: '#/definitions/gone' }, {}],
    ['to another document', { $ref: 'https://example.com/a.json' }, {}],
    ['to itself', { $ref: '#/properties/a' }, {}],
    ['to an anchor', { $ref: '#here' }, { $ref: '#/$defs/here' }],
    ['to a place with odd letters', { $ref: '#/$defs/a~1b%20c' }, { $ref: '#/$defs/a_1b_20c' }],
  ])('resolves a reference %s', (_case, a, expected) => {
    const $defs = { x: { $anchor: 'here', type: 'string' }, 'a/b c': { type: 'null' } };
    const tool = toToolSchema({ type: 'object', properties: { a }, $defs });
    expect(toolSchemaProblems(tool)).toEqual([]);
    expect(tool?.properties).toEqual({ a: expected });
  });

  it.each<[string, JsonObject]>([
    ['a text', { type: 'string' }],
    ['alternatives that are no objects', { anyOf: [{ type: 'string' }, { type: 'array' }] }],
    ['parts that exclude each other', { type: 'object', allOf: [{ type: 'string' }] }],
    ['what nothing fits', { $ref: '#/$defs/no', $defs: { no: false } }],
  ])('returns nothing for a schema of %s', (_case, schema) => {
    expect(toToolSchema(schema)).toBeUndefined();
  });

  it('terminates for definitions that nest each other many times', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => {
        const next = { $ref: `#/$defs/d${index + 1}` };
        return [`d${index}`, { anyOf: [next, { allOf: [next, { $ref: '#' }] }] }];
      }),
    );
    const tool = toToolSchema({ $ref: '#/$defs/d0', $defs });
    expect(toolSchemaProblems(tool)).toEqual([]);
  });

  it('turns any schema into an accepted one that allows the same values', () => {
    let fitting = 0;
    const property = fc.property(anyObjectSchema, samples, (schema, values) => {
      fitting += expectWider(schema, schema, values);
      expectWider(schema, inOldDraft(schema, 7), values);
      expectWider(schema, inOldDraft(schema, 4), values);
    });
    fc.assert(property, { numRuns: 100 });
    // How many there are is left to chance; a few would do.
    expect(fitting).toBeGreaterThan(5);
  });

  it('turns any top-level union into one object that allows the properties of each alternative', () => {
    let fitting = 0;
    const property = fc.property(anyUnionSchema, samples, (schema, values) => {
      fitting += expectWider(schema, schema, values);
      expectWider(schema, inOldDraft(schema, 7), values);
    });
    fc.assert(property, { numRuns: 100 });
    // How many there are is left to chance; a few would do.
    expect(fitting).toBeGreaterThan(5);
  });
});
