import { isJsonObject, type JsonObject, type JsonValue } from '../session/json-value.ts';
import { distinct, textsOf } from './schema-parts.ts';

/** The constraints of a schema on an object, merged from all its parts. */
export interface ObjectShape {
  properties: Map<string, JsonObject>;
  required: Set<string>;
  /** The schema of other properties; false if none are allowed, undefined if anything is. */
  others: JsonObject | false | undefined;
  patterns: Map<string, JsonObject>;
  /** The required properties of several alternatives, for a user or a model to read. */
  alternatives: string[];
}

export function openShape(): ObjectShape {
  return {
    properties: new Map(),
    required: new Set(),
    others: undefined,
    patterns: new Map(),
    alternatives: [],
  };
}

export function shapeOf(schema: JsonObject): ObjectShape {
  const { properties, required, additionalProperties, patternProperties } = schema;
  const others = isJsonObject(additionalProperties) ? additionalProperties : undefined;
  return {
    ...openShape(),
    properties: toMap(properties),
    required: new Set(textsOf(required)),
    others: additionalProperties === false ? false : others,
    patterns: toMap(patternProperties),
  };
}

/** An object that fits both fits the result. */
export function bothShapes(one: ObjectShape, other: ObjectShape): ObjectShape {
  return {
    properties: joined(one.properties, other.properties),
    required: new Set([...one.required, ...other.required]),
    others: bothOthers(one.others, other.others),
    patterns: joined(one.patterns, other.patterns),
    alternatives: one.alternatives.length > 0 ? one.alternatives : other.alternatives,
  };
}

/**
 * An object that fits one of them fits the result if it has only properties that this one names.
 * Properties that one alternative does not name are left to those that name them.
 */
export function eitherShape(shapes: readonly ObjectShape[]): ObjectShape {
  const [only, ...more] = shapes;
  if (only === undefined || more.length === 0) return only ?? openShape();
  const names = new Set(shapes.flatMap(({ properties }) => [...properties.keys()]));
  const properties = [...names].map((name): [string, JsonObject] => {
    const variants = shapes.flatMap((shape): JsonObject[] => {
      const own = shape.properties.get(name);
      return own ? [own] : unnamed(shape);
    });
    return [name, eitherSchema(variants)];
  });
  const alternatives = distinct(shapes.map(describeRequired));
  return {
    properties: new Map(properties),
    required: new Set(
      [...only.required].filter((name) => more.every((shape) => shape.required.has(name))),
    ),
    others:
      shapes.every(({ others }) => others === false) && !shapes.some(hasPatterns)
        ? false
        : undefined,
    patterns: new Map(),
    alternatives: alternatives.length > 1 ? alternatives : [],
  };
}

function bothOthers(one: ObjectShape['others'], other: ObjectShape['others']) {
  return one === false || other === false ? false : bothSchemas(one, other);
}

/** The schemas that may still apply to a property that the shape does not name. */
function unnamed(shape: ObjectShape): JsonObject[] {
  return hasPatterns(shape) || isJsonObject(shape.others) ? [{}] : [];
}

function hasPatterns({ patterns }: ObjectShape): boolean {
  return patterns.size > 0;
}

function describeRequired({ required, properties }: ObjectShape): string {
  if (required.size === 0) return 'nothing';
  return [...required]
    .map((name) => {
      const value = properties.get(name)?.const;
      return value === undefined ? `"${name}"` : `"${name}": ${JSON.stringify(value)}`;
    })
    .join(', ');
}

function toMap(table: JsonValue | undefined): Map<string, JsonObject> {
  if (!isJsonObject(table)) return new Map();
  return new Map(
    Object.entries(table).map(([name, value]) => [name, isJsonObject(value) ? value : {}]),
  );
}

function joined(
  one: Map<string, JsonObject>,
  other: Map<string, JsonObject>,
): Map<string, JsonObject> {
  const all = new Map(one);
  for (const [name, schema] of other) all.set(name, bothSchemas(one.get(name), schema) ?? {});
  return all;
}

const ANNOTATIONS = new Set(['title', 'description', 'default', 'examples']);

function bothSchemas(one?: JsonObject, other?: JsonObject): JsonObject | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (isWithin(one, other)) return { ...one, ...other };
  if (isWithin(other, one)) return { ...other, ...one };
  return { allOf: [one, other] };
}

/** Whether the second schema contains every demand of the first. */
function isWithin(one: JsonObject, other: JsonObject): boolean {
  return demands(one).every(
    ([keyword, value]) => JSON.stringify(other[keyword]) === JSON.stringify(value),
  );
}

function demands(schema: JsonObject): [string, JsonValue][] {
  return Object.entries(schema).filter(([keyword]) => !ANNOTATIONS.has(keyword));
}

function eitherSchema(schemas: readonly JsonObject[]): JsonObject {
  const variants = distinct(schemas);
  const anything = variants.find((schema) => demands(schema).length === 0);
  if (anything) return anything;
  const [only, ...more] = variants;
  if (only && more.length === 0) return only;
  return asChoice(variants) ?? { anyOf: variants };
}

/**
 * Merges the value lists of schemas that each name some values, as in alternatives told apart by
 * name.
 */
function asChoice(schemas: readonly JsonObject[]): JsonObject | undefined {
  const values: JsonValue[] = [];
  for (const { type, const: value, enum: list, ...rest } of schemas) {
    const isPlain = demands(rest).length === 0 && (type === undefined || typeof type === 'string');
    if (!isPlain || (value === undefined) === !Array.isArray(list)) return undefined;
    values.push(...(Array.isArray(list) ? list : [value ?? null]));
  }
  const types = new Set(schemas.map(({ type }) => type));
  const [type] = types;
  return {
    ...(types.size === 1 && type !== undefined && { type }),
    enum: distinct(values),
  };
}
