import { isJsonObject, type JsonObject, type JsonValue } from '@synapse/core';
import { toModernSchema, toToolSchema } from '@synapse/core/models';

const FORMATS = new Set([
  ...['date', 'date-time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'time', 'uri', 'uuid'],
]);
const NOTES = new Set(['title', 'description', 'default']);
const HANDLED = new Set([
  ...['$defs', '$ref', 'type', 'enum', 'const', 'anyOf', 'oneOf', 'allOf'],
  ...['properties', 'required', 'additionalProperties', 'items', ...NOTES],
]);
/** Anthropic's limits for one request. */
const MAX_OPTIONAL = 24;
const MAX_UNIONS = 16;

/** The schema has a rule that Anthropic can't enforce. */
class NotGuaranteed extends Error {}

/**
 * The form of the schema that Anthropic enforces: objects are closed, and unsupported limits are
 * only described. A result that fits it may still violate the schema, so the caller has to check
 * it. Undefined if Anthropic cannot enforce the schema, as for recursive references and objects
 * with arbitrary properties.
 */
export function toAnswerSchema(schema: JsonObject): JsonObject | undefined {
  try {
    const { $defs: definitions, ...root } = toModernSchema(schema);
    const result = convert(root, definitions);
    if (result.type !== 'object') return undefined;
    const $defs = convertTable(definitions, definitions);
    requireNoCircles($defs);
    requireSmall([result, $defs]);
    return Object.keys($defs).length > 0 ? { ...result, $defs } : result;
  } catch (error) {
    if (error instanceof NotGuaranteed) return undefined;
    throw error;
  }
}

function convert(node: JsonValue | undefined, definitions: JsonValue | undefined): JsonObject {
  if (!isJsonObject(node)) throw new NotGuaranteed();
  const { $ref, type, anyOf, oneOf, allOf, properties, items } = node;
  if ($ref !== undefined) return { $ref };
  if (allOf !== undefined) return convert(putTogether(node, definitions), definitions);
  const choice = anyOf ?? oneOf;
  const notes = describe(node);
  if (Array.isArray(choice)) {
    if ((anyOf && oneOf) || properties || items || 'enum' in node || 'const' in node) {
      throw new NotGuaranteed();
    }
    return { anyOf: choice.map((part) => convert(part, definitions)), ...notes };
  }
  const values = node.const === undefined ? node.enum : [node.const];
  if (Array.isArray(values)) {
    if (values.some((value) => typeof value === 'object' && value !== null)) {
      throw new NotGuaranteed();
    }
    const kinds = new Set(values.map((value) => (value === null ? 'null' : typeof value)));
    return { type: kinds.size === 1 ? [...kinds].join() : [...kinds], enum: values, ...notes };
  }
  const types = [type ?? (properties ? 'object' : [])].flat();
  if (types.length === 0) throw new NotGuaranteed();
  return {
    type: types.length === 1 ? (types[0] ?? null) : types,
    ...(types.includes('object') && convertObject(node, definitions)),
    ...(types.includes('array') && convertArray(node, definitions)),
    ...(isKnownFormat(node.format) && { format: node.format }),
    ...notes,
  };
}

function convertObject(node: JsonObject, definitions: JsonValue | undefined): JsonObject {
  const { properties = {}, required = [], additionalProperties, patternProperties } = node;
  const names = isJsonObject(properties) ? Object.keys(properties) : [];
  const isOpen = (additionalProperties ?? names.length === 0) !== false;
  const areKnown =
    Array.isArray(required) && required.every((name) => names.some((known) => known === name));
  if (isOpen || patternProperties !== undefined || !areKnown) throw new NotGuaranteed();
  return {
    properties: convertTable(properties, definitions),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

function convertArray(node: JsonObject, definitions: JsonValue | undefined): JsonObject {
  if (node.prefixItems !== undefined) throw new NotGuaranteed();
  const { minItems } = node;
  return {
    items: convert(node.items, definitions),
    ...((minItems === 0 || minItems === 1) && { minItems }),
  };
}

function convertTable(
  table: JsonValue | undefined,
  definitions: JsonValue | undefined,
): JsonObject {
  if (!isJsonObject(table)) return {};
  return Object.fromEntries(
    Object.entries(table).map(([name, part]) => [name, convert(part, definitions)]),
  );
}

/** Parts of `allOf` become one object, because Anthropic would close each of them separately. */
function putTogether(node: JsonObject, definitions: JsonValue | undefined): JsonObject {
  const { allOf, ...rest } = node;
  const [only, ...more] = Array.isArray(allOf) ? allOf : [];
  const isPlain = Object.keys(rest).every((keyword) => NOTES.has(keyword));
  if (isJsonObject(only) && more.length === 0 && isPlain) return { ...only, ...rest };
  if (![node, only, ...more].some(isForObjects)) throw new NotGuaranteed();
  const together = toToolSchema({
    ...node,
    ...(isJsonObject(definitions) && { $defs: definitions }),
  });
  if (!together) throw new NotGuaranteed();
  return together;
}

function isForObjects(part: JsonValue | undefined): boolean {
  return isJsonObject(part) && (part.type === 'object' || part.properties !== undefined);
}

/** Unsupported limits become a description, so that the model can respect them. */
function describe(node: JsonObject): JsonObject {
  const { title, description } = node;
  const limits = Object.entries(node).filter(([keyword, value]) => {
    if (keyword === 'format') return !isKnownFormat(value);
    if (keyword === 'minItems') return value !== 0 && value !== 1;
    return !HANDLED.has(keyword);
  });
  const words = [
    ...(typeof description === 'string' ? [description] : []),
    ...(limits.length > 0 ? [JSON.stringify(Object.fromEntries(limits))] : []),
  ];
  return {
    ...(title !== undefined && { title }),
    ...(words.length > 0 && { description: words.join('\n') }),
  };
}

function isKnownFormat(format: JsonValue | undefined): format is string {
  return typeof format === 'string' && FORMATS.has(format);
}

function requireNoCircles(definitions: JsonObject): void {
  const done = new Set<string>();
  const visit = (name: string, open: readonly string[]): void => {
    if (open.includes(name)) throw new NotGuaranteed();
    if (done.has(name)) return;
    for (const part of partsIn(definitions[name])) {
      const { $ref } = part;
      if (typeof $ref === 'string') visit($ref.replace('#/$defs/', ''), [...open, name]);
    }
    done.add(name);
  };
  for (const name of Object.keys(definitions)) visit(name, []);
}

function requireSmall(schema: JsonValue): void {
  let optional = 0;
  let unions = 0;
  for (const part of partsIn(schema)) {
    if (Array.isArray(part.anyOf) || Array.isArray(part.type)) unions++;
    if (!isJsonObject(part.properties) || part.additionalProperties !== false) continue;
    const { required } = part;
    optional +=
      Object.keys(part.properties).length - (Array.isArray(required) ? required.length : 0);
  }
  if (optional > MAX_OPTIONAL || unions > MAX_UNIONS) throw new NotGuaranteed();
}

function* partsIn(value: JsonValue | undefined): Generator<JsonObject> {
  if (typeof value !== 'object' || value === null) return;
  if (isJsonObject(value)) yield value;
  for (const item of Object.values(value)) yield* partsIn(item);
}
