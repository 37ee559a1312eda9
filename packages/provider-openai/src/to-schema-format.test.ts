import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '@synapse/core';
import { anyAnswerSchema } from '@synapse/test/support/arbitraries/json-schemas';
import { checkStrictSchema } from '@synapse/test/support/validators/answer-schema-problems';
import { Problems } from '@synapse/test/support/validators/problems';
import { toSchemaFormat } from './to-schema-format.ts';

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  ...{ type: 'object', properties, required: Object.keys(properties) },
  ...{ additionalProperties: false, ...more },
});
const isStrict = (schema: JsonObject) => toSchemaFormat({ name: 'answer', schema }).strict;

describe('toSchemaFormat', () => {
  it.each<[string, JsonObject]>([
    ['an object without properties', object({})],
    ['nested objects', object({ a: object({ b: { type: ['string', 'null'] } }) })],
    ['lists of a length', object({ a: { type: 'array', items: { type: 'number' }, minItems: 1 } })],
    ['limits and patterns', object({ a: { type: 'integer', minimum: 0 }, b: { enum: ['x'] } })],
    ['alternatives inside', object({ a: { anyOf: [{ type: 'string' }, { const: 1 }] } })],
    [
      'definitions of an older draft that hold themselves',
      object(
        { a: { $ref: '#/definitions/a' } },
        { definitions: { a: object({ b: { $ref: '#' } }) } },
      ),
    ],
  ])('requests strict mode for %s', (_case, schema) => {
    expect(isStrict(schema)).toBe(true);
  });

  it.each<[string, JsonObject]>([
    ['oneOf', object({ a: { oneOf: [{ type: 'string' }] } })],
    ['allOf', object({ a: { allOf: [{ type: 'string' }] } })],
    ['not', object({ a: { type: 'string', not: { const: 'x' } } })],
    ['if', object({ a: { type: 'string', if: {}, then: {} } })],
    ['patternProperties', object({}, { patternProperties: { a: { type: 'string' } } })],
    ['a list at the root', { type: 'array', items: { type: 'string' } }],
    ['alternatives at the root', object({}, { anyOf: [object({})] })],
    ['no type at the root', { properties: {}, required: [], additionalProperties: false }],
    ['lengths of a text', object({ a: { type: 'string', minLength: 1 } })],
    ['a value to begin with', object({ a: { type: 'string', default: 'x' } })],
    ['a format of its own', object({ a: { type: 'string', format: 'uri' } })],
    ['a pattern that looks ahead', object({ a: { type: 'string', pattern: '^(?!x)' } })],
    ['places for anything', object({ a: {} })],
    ['lists of anything', object({ a: { type: 'array' } })],
    ['words beside a reference', object({ a: { $ref: '#', description: 'More.' } })],
    ['optional properties', object({ a: { type: 'string' } }, { required: [] })],
    ['other properties', object({}, { additionalProperties: true })],
  ])('requests no strict mode for %s', (_case, schema) => {
    expect(isStrict(schema)).toBe(false);
  });

  it('requests strict mode only for schemas that OpenAI accepts', () => {
    const property = fc.property(anyAnswerSchema, (schema) => {
      const format = toSchemaFormat({ name: 'answer', schema });
      const problems = new Problems(format);
      checkStrictSchema(format, problems);
      expect(problems.found).toEqual([]);
    });
    fc.assert(property, { numRuns: 200 });
  });
});
