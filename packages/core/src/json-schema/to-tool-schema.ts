import { isJsonObject, type JsonObject, type JsonValue } from '../session/json-value.ts';
import { bothShapes, eitherShape, openShape, shapeOf, type ObjectShape } from './object-shape.ts';
import { ownValue, textsOf, toSchema } from './schema-parts.ts';
import { toModernSchema } from './to-modern-schema.ts';

/** What no provider takes at the top of a tool's schema. */
const UNIONS = ['$ref', 'allOf', 'anyOf', 'oneOf', 'enum', 'const', 'not'];
const FOLDED = new Set([
  ...UNIONS,
  ...['type', 'properties', 'required', 'additionalProperties', 'patternProperties'],
  // Says what the parts, which are one now, had not looked at.
  'unevaluatedProperties',
]);
/** Far above what a tool needs; definitions that hold each other many times come to an end here. */
const MAX_PARTS = 1000;

/**
 * The schema of a tool's arguments as every provider takes it: draft 2020-12, an object with
 * `properties` at the top and no union there. Alternatives at the top become one object that leaves
 * optional what not all of them require. Whatever fits the schema fits
 * the result, where the arguments are those that an alternative names. Undefined where no object fits.
 */
export function toToolSchema(schema: JsonObject): JsonObject | undefined {
  const modern = toModernSchema(schema);
  if (!isForObject(modern)) return undefined;
  const folded = UNIONS.some((keyword) => Object.hasOwn(modern, keyword)) ? fold(modern) : modern;
  return folded && { ...folded, type: 'object', properties: folded.properties ?? {} };
}

function isForObject({ type }: JsonObject): boolean {
  return type === undefined || type === 'object' || textsOf(type).includes('object');
}

function fold(modern: JsonObject): JsonObject | undefined {
  const definitions = isJsonObject(modern.$defs) ? modern.$defs : {};
  const shape = toShape(modern, { definitions, open: new Set(), left: { count: MAX_PARTS } });
  if (!shape) return undefined;
  const { properties, required, others, patterns, alternatives } = shape;
  const rest = Object.entries(modern).filter(([keyword]) => !FOLDED.has(keyword));
  const description = describe(modern.description, alternatives);
  const folded: JsonObject = {
    ...Object.fromEntries(rest),
    ...(description !== '' && { description }),
    properties: Object.fromEntries(properties),
    ...(required.size > 0 && { required: [...required] }),
    ...(others !== undefined && { additionalProperties: others }),
    ...(patterns.size > 0 && { patternProperties: Object.fromEntries(patterns) }),
  };
  // Leaves out the definitions that nothing refers to any more.
  return toModernSchema(folded);
}

function describe(description: JsonValue | undefined, alternatives: readonly string[]): string {
  const given = typeof description === 'string' ? description : '';
  const required = alternatives.length === 0 ? '' : `Required: ${alternatives.join('; or: ')}.`;
  return [given, required].filter((text) => text !== '').join('\n');
}

interface FoldContext {
  definitions: JsonObject;
  /** The references that are being followed. */
  open: ReadonlySet<string>;
  left: { count: number };
}

function toShape(schema: JsonObject, context: FoldContext): ObjectShape | undefined {
  if (context.left.count-- <= 0) return openShape();
  if (!isForObject(schema) || isImpossible(schema)) return undefined;
  let shape: ObjectShape | undefined = shapeOf(schema);
  for (const part of partsOf(schema.allOf)) shape = both(shape, toShape(part, context));
  if (typeof schema.$ref === 'string') shape = both(shape, followReference(schema.$ref, context));
  for (const union of [schema.anyOf, schema.oneOf]) {
    if (!Array.isArray(union)) continue;
    const shapes = partsOf(union).flatMap((part) => toShape(part, context) ?? []);
    shape = shapes.length === 0 ? undefined : both(shape, eitherShape(shapes));
  }
  return shape;
}

function both(one: ObjectShape | undefined, other: ObjectShape | undefined) {
  return one && other && bothShapes(one, other);
}

function followReference(reference: string, context: FoldContext): ObjectShape | undefined {
  const target = ownValue(context.definitions, reference.replace('#/$defs/', ''));
  if (!isJsonObject(target) || context.open.has(reference)) return openShape();
  return toShape(target, { ...context, open: new Set([...context.open, reference]) });
}

function partsOf(union: JsonValue | undefined): JsonObject[] {
  return Array.isArray(union) ? union.map(toSchema) : [];
}

/** Nothing fits `{ "not": {} }`, which is how a schema that is false is written here. */
function isImpossible({ not }: JsonObject): boolean {
  return isJsonObject(not) && Object.keys(not).length === 0;
}
