import { isJsonObject, type JsonObject, type JsonValue } from '../session/json-value.ts';
import { distinct, ownValue, textsOf, toSchema } from './schema-parts.ts';
import { SchemaReferences } from './schema-references.ts';

type Entry = [keyword: string, value: JsonValue];
type Convert = (value: JsonValue | undefined) => JsonObject;

const TYPES = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']);
const TEXTS = new Set(['title', 'description', 'format', 'contentEncoding', 'contentMediaType']);
const FLAGS = new Set(['deprecated', 'readOnly', 'writeOnly', 'uniqueItems']);
const NUMBERS = new Set(['maximum', 'minimum', 'exclusiveMaximum', 'exclusiveMinimum']);
const COUNTS = /^(?:min|max)(?:Length|Items|Properties|Contains)$/;
const SCHEMAS = new Set([
  'not',
  'contains',
  'propertyNames',
  'if',
  'then',
  'else',
  'contentSchema',
]);
const LISTS_OF_SCHEMAS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const TABLES_OF_SCHEMAS = new Set(['properties', 'dependentSchemas']);
const MAYBE_CLOSED = /^(?:additional|unevaluated)Properties$|^unevaluatedItems$/;
const ANNOTATIONS = new Set(['title', 'description', 'default', 'examples', ...FLAGS]);
const OLD_DRAFT = /draft-0?[3-7]\b/;

/**
 * Converts the schema to draft 2020-12, which providers check against. Keywords of older drafts are
 * translated, keywords with values that no draft knows are left out, and every reference leads to
 * `$defs`. Whatever fits the schema fits the result.
 */
export function toModernSchema(schema: JsonObject): JsonObject {
  const references = new SchemaReferences(schema);
  const isOld = typeof schema.$schema === 'string' && OLD_DRAFT.test(schema.$schema);
  const convert: Convert = (value) => convertNode(toSchema(value), { references, isOld, convert });
  const root = convert(schema);
  const definitions: Entry[] = [];
  // Definitions refer to further ones, which this loop visits later.
  for (const [place, name] of references.named()) definitions.push([name, convert(place)]);
  return definitions.length === 0 ? root : { ...root, $defs: Object.fromEntries(definitions) };
}

interface Context {
  references: SchemaReferences;
  /** Before 2019, keywords beside a reference were ignored. */
  isOld: boolean;
  convert: Convert;
}

function convertNode(node: JsonObject, context: Context): JsonObject {
  const { references, isOld, convert } = context;
  const reference = node.$ref ?? node.$dynamicRef ?? node.$recursiveRef;
  const entries: Entry[] = [];
  let given = Object.entries(node);
  if (typeof reference === 'string') {
    const target = references.find(reference);
    if (target === false) return { not: {} };
    if (isJsonObject(target)) {
      entries.push(['$ref', `#/$defs/${references.nameOf(target, reference)}`]);
    }
    if (isOld) given = given.filter(([keyword]) => ANNOTATIONS.has(keyword));
  }
  if (Array.isArray(node.enum) && node.enum.length === 0) return { not: {} };
  for (const [keyword, value] of given)
    entries.push(...convertKeyword(keyword, value, node, convert));
  const required = demandedByProperties(node);
  const modern: JsonObject = Object.fromEntries(entries);
  const isArray = modern.type === 'array' || textsOf(modern.type).includes('array');
  // Some providers refuse an array without them; any item fits this, as before.
  if (isArray) modern.items ??= {};
  if (required.length > 0) modern.required = distinct([...textsOf(node.required), ...required]);
  return modern;
}

function convertKeyword(
  keyword: string,
  value: JsonValue,
  node: JsonObject,
  convert: Convert,
): Entry[] {
  const as = (kept: boolean, converted: JsonValue = value): Entry[] =>
    kept ? [[keyword, converted]] : [];
  if (keyword.startsWith('$')) return [];
  if (TEXTS.has(keyword)) return as(typeof value === 'string');
  if (FLAGS.has(keyword)) return as(typeof value === 'boolean');
  if (COUNTS.test(keyword)) return as(Number.isSafeInteger(value) && Number(value) >= 0);
  if (NUMBERS.has(keyword)) return limits(keyword, value, node);
  if (SCHEMAS.has(keyword)) return as(true, convert(value));
  if (MAYBE_CLOSED.test(keyword)) {
    return as(!losesPatterns(node), typeof value === 'boolean' ? value : convert(value));
  }
  if (LISTS_OF_SCHEMAS.has(keyword)) {
    return Array.isArray(value) ? as(value.length > 0, value.map(convert)) : [];
  }
  if (TABLES_OF_SCHEMAS.has(keyword)) {
    return isJsonObject(value) ? as(true, convertTable(value, convert)) : [];
  }
  switch (keyword) {
    case 'patternProperties': {
      if (!isJsonObject(value)) return [];
      const known = Object.entries(value).filter(([pattern]) => isPattern(pattern));
      return as(known.length > 0, convertTable(Object.fromEntries(known), convert));
    }
    case 'type':
      return types(value);
    case 'required':
      return as(Array.isArray(value), distinct(textsOf(value)));
    case 'enum':
      return Array.isArray(value) ? as(true, distinct(value)) : [];
    case 'examples':
      return as(Array.isArray(value));
    case 'multipleOf':
      return as(typeof value === 'number' && value > 0);
    case 'pattern':
      return as(isPattern(value));
    case 'items':
      return items(value, node, convert);
    case 'dependencies':
      return isJsonObject(value) ? dependencies(value, convert) : [];
    case 'dependentRequired':
      return isJsonObject(value) ? as(true, listsOfNames(value)) : [];
    case 'const':
    case 'default':
      return as(true);
    case 'definitions':
    case 'additionalItems':
      return [];
    // Extensions are for people or for one program, and some are large.
    default:
      return as(typeof value !== 'object' || value === null);
  }
}

function types(value: JsonValue): Entry[] {
  const named = distinct(Array.isArray(value) ? value : [value]);
  if (named.length === 0 || !named.every((one) => typeof one === 'string' && TYPES.has(one)))
    return [];
  return [['type', named.length === 1 ? (named[0] ?? null) : named]];
}

/** In draft 4 `exclusiveMinimum: true` made `minimum` exclusive. */
function limits(keyword: string, value: JsonValue, node: JsonObject): Entry[] {
  if (typeof value !== 'number') return [];
  const exclusive = `exclusive${keyword.charAt(0).toUpperCase()}${keyword.slice(1)}`;
  return [[node[exclusive] === true ? exclusive : keyword, value]];
}

/**
 * A list of items with one schema per place is now called `prefixItems`, and `items` covers the
 * rest.
 */
function items(value: JsonValue, node: JsonObject, convert: Convert): Entry[] {
  if (!Array.isArray(value)) return [['items', convert(value)]];
  const { additionalItems } = node;
  return [
    ...(value.length > 0 ? [['prefixItems', value.map(convert)] satisfies Entry] : []),
    ...(additionalItems === undefined ? [] : [['items', convert(additionalItems)] satisfies Entry]),
  ];
}

function dependencies(table: JsonObject, convert: Convert): Entry[] {
  const entries = Object.entries(table);
  const names = entries.filter(([, value]) => Array.isArray(value));
  const schemas = entries.filter(([, value]) => !Array.isArray(value));
  return [
    ...(names.length > 0
      ? [['dependentRequired', listsOfNames(Object.fromEntries(names))] satisfies Entry]
      : []),
    ...(schemas.length > 0
      ? [['dependentSchemas', convertTable(Object.fromEntries(schemas), convert)] satisfies Entry]
      : []),
  ];
}

function listsOfNames(table: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(table).map(([name, value]) => [name, distinct(textsOf(value))]),
  );
}

function convertTable(table: JsonObject, convert: Convert): JsonObject {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, convert(value)]));
}

/** In draft 3 a property itself carried `required: true`. */
function demandedByProperties({ properties }: JsonObject): string[] {
  if (!isJsonObject(properties)) return [];
  return Object.keys(properties).filter((name) => {
    const property = ownValue(properties, name);
    return isJsonObject(property) && property.required === true;
  });
}

/**
 * If a pattern can't be kept, the other keywords must not forbid the properties that it allowed.
 */
function losesPatterns({ patternProperties }: JsonObject): boolean {
  return isJsonObject(patternProperties) && !Object.keys(patternProperties).every(isPattern);
}

function isPattern(value: JsonValue): boolean {
  if (typeof value !== 'string') return false;
  try {
    return new RegExp(value) instanceof RegExp;
  } catch {
    return false;
  }
}
