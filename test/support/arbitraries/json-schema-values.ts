import fc from 'fast-check';

interface Schema {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  pattern?: string;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  maxItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
}

/** Values that fit the schema; `ids` stand for strings with the pattern of an id. */
export function valuesOf(schema: object, ids: readonly string[]): fc.Arbitrary<unknown> {
  const wanted = schema as Schema;
  if ('const' in wanted) return fc.constant(wanted.const);
  if (wanted.enum) return fc.constantFrom(...wanted.enum);
  if (wanted.anyOf) return fc.oneof(...wanted.anyOf.map((one) => valuesOf(one, ids)));
  switch (wanted.type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number': {
      const { minimum: min = 0, maximum: max = 2 ** 31 } = wanted;
      return fc.oneof(fc.integer({ min, max: Math.min(max, min + 5) }), fc.integer({ min, max }));
    }
    case 'string':
      return stringsOf(wanted, ids);
    case 'array': {
      const maxLength = Math.min(wanted.maxItems ?? 4, 4);
      return fc.array(valuesOf(wanted.items ?? {}, ids), { maxLength });
    }
    case 'object':
      return recordsOf(wanted, ids);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function stringsOf({ pattern = '', maxLength = 40 }: Schema, ids: readonly string[]) {
  if (pattern.includes('{64}')) return fc.constantFrom('a'.repeat(64), 'f'.repeat(64));
  if (pattern !== '') return fc.constantFrom(...ids);
  const anything = fc.string({ unit: 'binary', maxLength: Math.min(maxLength, 40) });
  // What people write finds its way deeper than noise does.
  const words = [
    '',
    'last',
    'work',
    '7d',
    '2026-01-31',
    'demo',
    'before-2',
    'after-1',
    'role:user a',
  ];
  return fc.oneof(anything, fc.constantFrom(...words.map((word) => word.slice(0, maxLength))));
}

function recordsOf({ properties, required = [] }: Schema, ids: readonly string[]) {
  if (!properties) return fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }));
  const fields = Object.entries(properties).map(([name, one]) => [name, valuesOf(one, ids)]);
  const model = Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>;
  return fc.record(model, { requiredKeys: required });
}
