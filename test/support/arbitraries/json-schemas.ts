import fc from 'fast-check';
import type { JsonObject, JsonValue } from '@synapse/core';

const NAMES = ['a', 'b', '__proto__'];
const name = fc.constantFrom(...NAMES);
const number = fc.integer({ min: -2, max: 4 });
const count = fc.nat({ max: 2 });
const scalar = fc.constantFrom<JsonValue[]>('', 'a', 'ab', 0, 1, 2.5, true, null);

const dictionary = <T>(values: fc.Arbitrary<T>) =>
  fc
    .array(fc.tuple(name, values), { maxLength: 3 })
    .map((entries): Record<string, T> => Object.fromEntries(entries));

/** Values of few names and kinds, so that many of them fit a schema of the same names. */
export const anyInstance: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 2 }),
    dictionary(tie('value')),
  ),
})).value;
export const anyArguments: fc.Arbitrary<JsonObject> = dictionary(anyInstance);

const some = (keywords: Record<string, fc.Arbitrary<JsonValue>>) =>
  fc.record(keywords, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;

const { any: anyPart, object: anyObject } = fc.letrec<{ any: JsonObject; object: JsonObject }>(
  (tie) => {
    const inner = tie('any');
    const union = fc.array(inner, { minLength: 1, maxLength: 3 });
    const object = fc
      .tuple(
        dictionary(inner),
        some({
          required: fc.uniqueArray(name, { maxLength: 2 }),
          additionalProperties: fc.oneof(fc.boolean(), inner),
          patternProperties: fc.record({ '^a': inner }),
          maxProperties: count,
          dependentRequired: fc.constant<JsonObject>({ a: ['b'] }),
          description: fc.constant('Says something.'),
        }),
      )
      .map(([properties, rest]): JsonObject => ({ type: 'object', properties, ...rest }));
    return {
      object,
      any: fc.oneof(
        { maxDepth: 3 },
        fc.constant({}),
        some({
          type: fc.constantFrom<JsonValue[]>('string', 'integer', ['number', 'null'], 'array'),
          minimum: number,
          exclusiveMaximum: number,
          exclusiveMinimum: number,
          minLength: count,
          pattern: fc.constantFrom('^a', 'b$'),
        }),
        fc.record({ enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }) }),
        fc.record({ const: scalar }),
        fc.constantFrom({ $ref: '#/$defs/a' }, { $ref: '#/$defs/b' }),
        object,
        some({ prefixItems: union, items: inner, maxItems: count }),
        some({ anyOf: union, oneOf: union }),
        some({ allOf: union, not: inner }),
        some({ if: inner, then: inner, else: inner }),
      ),
    };
  },
);

// References only lead from places inside a definition to places inside one: no circle is empty.
const definitions = fc.record({ a: anyObject, b: anyObject });

/** Schemas of arguments in draft 2020-12, with whatever inside, but no union at the top. */
export const anyObjectSchema: fc.Arbitrary<JsonObject> = fc
  .tuple(anyObject, definitions)
  .map(([schema, $defs]) => ({ ...schema, $defs }));

/** Schemas of answers: many of them closed and complete, as most people write them. */
export const anyAnswerSchema: fc.Arbitrary<JsonObject> = fc.oneof(
  anyObjectSchema,
  anyPart.chain((part) => definitions.map(($defs) => ({ ...part, $defs }))),
  dictionary(anyPart).map((properties): JsonObject => {
    const required = Object.keys(properties);
    return { type: 'object', properties, required, additionalProperties: false };
  }),
);

const alternative = fc
  .tuple(dictionary(anyPart), fc.uniqueArray(name, { maxLength: 1 }))
  .map(([properties, required]): JsonObject => {
    return { properties, required, additionalProperties: false };
  });
const alternatives = fc.array(
  fc.oneof(alternative, fc.constantFrom({ $ref: '#/$defs/a' }, { type: 'string' })),
  { minLength: 1, maxLength: 3 },
);

/** Schemas with unions at the top, of alternatives that name all that they take. */
export const anyUnionSchema: fc.Arbitrary<JsonObject> = fc
  .tuple(
    some({
      anyOf: alternatives,
      oneOf: alternatives,
      allOf: fc.oneof(
        alternatives,
        alternatives.map((anyOf) => [{ anyOf }, { description: 'What is left.' }]),
      ),
      required: fc.uniqueArray(name, { maxLength: 1 }),
      description: fc.constant('Does it.'),
    }),
    fc.record({ a: alternative, b: anyObject }),
  )
  .map(([schema, $defs]) => ({ ...schema, $defs }));

/** The same schema, as it was written before draft 2019-09 or before draft 6. */
export function inOldDraft(schema: JsonObject, draft: 4 | 7): JsonObject {
  const $schema = `http://json-schema.org/draft-0${draft}/schema#`;
  return { $schema, ...(older(schema, draft) as JsonObject) };
}

function older(value: JsonValue, draft: 4 | 7): JsonValue {
  if (Array.isArray(value)) return value.map((item) => older(item, draft));
  if (typeof value !== 'object' || value === null) return value;
  const { prefixItems, items, $defs, $ref, dependentRequired, ...same } = value;
  const entries = Object.entries(same).map(([key, item]): [string, JsonValue] => [
    key,
    key === 'enum' || key === 'const' ? item : older(item, draft),
  ]);
  const old: JsonObject = Object.fromEntries(entries);
  if (prefixItems !== undefined) old.items = older(prefixItems, draft);
  if (items !== undefined) old[prefixItems ? 'additionalItems' : 'items'] = older(items, draft);
  if ($defs !== undefined) old.definitions = older($defs, draft);
  if (typeof $ref === 'string') old.$ref = $ref.replace('$defs', 'definitions');
  if (dependentRequired !== undefined) old.dependencies = dependentRequired;
  return draft === 4 ? withBooleanLimits(old) : old;
}

function withBooleanLimits({ exclusiveMinimum, exclusiveMaximum, ...old }: JsonObject): JsonObject {
  const { minimum = null, maximum = null } = old;
  // Only where the other limit says nothing more may it take its place.
  if (typeof exclusiveMinimum === 'number' && !(Number(minimum ?? -9) > exclusiveMinimum)) {
    Object.assign(old, { minimum: exclusiveMinimum, exclusiveMinimum: true });
  }
  if (typeof exclusiveMaximum === 'number' && maximum === null) {
    Object.assign(old, { maximum: exclusiveMaximum, exclusiveMaximum: true });
  }
  return old;
}
