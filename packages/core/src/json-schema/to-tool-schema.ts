import { isJsonObject, type JsonObject, type JsonValue } from '../session/json-value.ts';
import { bothShapes, eitherShape, openShape, shapeOf, type ObjectShape } from './object-shape.ts';
import { ownValue, textsOf, toSchema } from './schema-parts.ts';
import { toModernSchema } from './to-modern-schema.ts';

/** Keywords that no provider accepts at the top of a tool's schema. */
const UNIONS = ['$ref', 'allOf', 'anyOf', 'oneOf', 'enum', 'const', 'not'];
const FOLDED = new Set([
  ...UNIONS,
  ...['type', 'properties', 'required', 'additionalProperties', 'patternProperties'],
  // Keywords about properties that the merged parts had not looked at.
  'unevaluatedProperties',
]);
/**
 * Far above the size of any tool's schema; stops definitions that contain each other many times.
 */
const MAX_PARTS = 1000;

/**
 * Makes the schema of a tool's arguments acceptable to every provider: draft 2020-12, an object
 * with `properties` at the top and no union there. Alternatives at the top become one object, in
 * which only properties that all of them require are required. Whatever fits the schema fits the
 * result, if it has only arguments that an alternative names. Undefined if no object fits.
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
  /** The references whose targets are being visited. */
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

/** Nothing fits `{ "not": {} }`, which stands for a schema that is `false`. */
function isImpossible({ not }: JsonObject): boolean {
  return isJsonObject(not) && Object.keys(not).length === 0;
}
