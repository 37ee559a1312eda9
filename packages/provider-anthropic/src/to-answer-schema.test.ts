import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '@synapse/core';
import { anyAnswerSchema, inOldDraft } from '@synapse/test/support/arbitraries/json-schemas';
import { checkAnthropicAnswerSchema } from '@synapse/test/support/validators/answer-schema-problems';
import { Problems } from '@synapse/test/support/validators/problems';
import { toAnswerSchema } from './to-answer-schema.ts';

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  ...{ type: 'object', properties, additionalProperties: false, ...more },
});

describe('toAnswerSchema', () => {
  it('closes objects, and describes limits that Anthropic does not support', () => {
    const schema = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: {
        age: { type: 'integer', description: 'In years.', minimum: 0 },
        name: { type: 'string', minLength: 1, format: 'iri' },
        at: { type: 'string', format: 'date' },
        tags: { type: 'array', items: { const: 'a' }, minItems: 1, maxItems: 3 },
        pairs: {
          type: 'array',
          items: { type: 'object', properties: {}, additionalProperties: false },
          minItems: 2,
        },
      },
      required: ['age'],
    };
    expect(toAnswerSchema(schema)).toEqual(
      object(
        {
          age: { type: 'integer', description: 'In years.\n{"minimum":0}' },
          name: { type: 'string', description: '{"minLength":1,"format":"iri"}' },
          at: { type: 'string', format: 'date' },
          tags: {
            type: 'array',
            items: { type: 'string', enum: ['a'] },
            minItems: 1,
            description: '{"maxItems":3}',
          },
          pairs: { type: 'array', items: object({}), description: '{"minItems":2}' },
        },
        { required: ['age'] },
      ),
    );
  });

  it('keeps alternatives, and merges the parts of allOf', () => {
    const one = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
    const schema = object({
      either: { oneOf: [one, { type: 'null' }] },
      both: { allOf: [one, { properties: { b: { $ref: '#/definitions/b' } } }] },
      only: { allOf: [{ $ref: '#/definitions/b' }], description: 'One of them.' },
    });
    const closed = { ...one, additionalProperties: false };
    expect(toAnswerSchema({ ...schema, definitions: { b: { enum: [1, null] } } })).toEqual({
      ...object({
        either: { anyOf: [closed, { type: 'null' }] },
        both: { ...closed, properties: { a: { type: 'string' }, b: { $ref: '#/$defs/b' } } },
        only: { $ref: '#/$defs/b' },
      }),
      $defs: { b: { type: ['number', 'null'], enum: [1, null] } },
    });
  });

  it.each<[string, JsonObject]>([
    ['a root that is no object', { type: 'array', items: { type: 'string' } }],
    ['a circle of references', object({ next: { $ref: '#' } })],
    ['objects of any properties', object({ a: { type: 'object' } })],
    ['named and other properties', object({}, { additionalProperties: { type: 'string' } })],
    ['properties by a pattern', object({}, { patternProperties: { a: { type: 'string' } } })],
    ['a place for anything', object({ a: {} })],
    ['a list of anything', object({ a: { type: 'array' } })],
    ['a schema for each place of a list', object({ a: { type: 'array', prefixItems: [{}] } })],
    ['values that are no scalars', object({ a: { enum: [[1]] } })],
    ['a property that it requires and does not have', object({}, { required: ['a'] })],
    ['parts that exclude each other', object({ a: { allOf: [object({}), { type: 'string' }] } })],
    ['parts that are no objects', object({ a: { allOf: [{ type: 'string' }, { minLength: 1 }] } })],
    [
      'too many optional properties',
      object(
        Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`p${at}`, { type: 'null' }])),
      ),
    ],
    [
      'too many alternatives',
      object({ a: { anyOf: Array.from({ length: 17 }, () => ({ type: ['string', 'null'] })) } }),
    ],
  ])('has no guarantee for %s', (_case, schema) => {
    expect(toAnswerSchema(schema)).toBeUndefined();
  });

  it('turns any schema into one that Anthropic accepts, or returns none', () => {
    let made = 0;
    const property = fc.property(anyAnswerSchema, fc.constantFrom(4, 7), (schema, draft) => {
      for (const given of [schema, inOldDraft(schema, draft)]) {
        const result = toAnswerSchema(given);
        if (!result) continue;
        made++;
        const problems = new Problems(result);
        checkAnthropicAnswerSchema(result, problems);
        expect(problems.found).toEqual([]);
      }
    });
    fc.assert(property, { numRuns: 300 });
    expect(made).toBeGreaterThan(20);
  });
});
