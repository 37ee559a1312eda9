import type { JsonObject, OutputSchema } from '@synapse/core';
import { toModernSchema } from '@synapse/core/models';
import { toRecord } from '@synapse/provider-http';

export interface SchemaFormat extends OutputSchema, Record<string, unknown> {
  /** Whether OpenAI can enforce the shape: it refuses that for most schemas. */
  strict: boolean;
}

/** Asks OpenAI to enforce the schema if it can, and otherwise for the model's best effort. */
export function toSchemaFormat({ name, schema }: OutputSchema): SchemaFormat {
  const modern = toModernSchema(schema);
  const isStrict = modern.type === 'object' && modern.anyOf === undefined && isStrictNode(modern);
  return { name, schema: modern, strict: isStrict };
}

const ANYWHERE = ['$defs', '$ref', 'anyOf', 'const', 'description', 'enum', 'title', 'type'];
const OBJECTS = ['additionalProperties', 'properties', 'required'];
const ARRAYS = ['items', 'maxItems', 'minItems'];
const NUMBERS = ['exclusiveMaximum', 'exclusiveMinimum', 'maximum', 'minimum', 'multipleOf'];
const TEXTS = ['format', 'pattern'];
const KEYWORDS = new Set([ANYWHERE, OBJECTS, ARRAYS, NUMBERS, TEXTS].flat());
const FORMATS = new Set([
  ...['date', 'date-time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'time', 'uuid'],
]);
/** A place without a type accepts anything, so OpenAI cannot enforce it. */
const SAYS_WHAT = ['$ref', 'anyOf', 'const', 'enum', 'type'];

function isStrictNode(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const node = value as JsonObject;
  const keywords = Object.keys(node);
  if (!keywords.every((keyword) => KEYWORDS.has(keyword))) return false;
  if (!SAYS_WHAT.some((keyword) => Object.hasOwn(node, keyword))) return false;
  // OpenAI allows no keyword beside a reference.
  if (node.$ref !== undefined && keywords.length > 1) return false;
  if (typeof node.format === 'string' && !FORMATS.has(node.format)) return false;
  // OpenAI supports neither lookahead nor lookbehind.
  if (typeof node.pattern === 'string' && node.pattern.includes('(?')) return false;
  return isClosed(node) && partsOf(node).every(isStrictNode);
}

/** Every property is named and required, and there are no others. */
function isClosed({ type, properties, required, additionalProperties }: JsonObject): boolean {
  const isObject = [type].flat().includes('object');
  if (!isObject && properties === undefined && additionalProperties === undefined) return true;
  const demanded = Array.isArray(required) ? required : [];
  const names = Object.keys(toRecord(properties));
  const isEqual =
    names.length === demanded.length && names.every((name) => demanded.includes(name));
  return isObject && additionalProperties === false && isEqual;
}

function partsOf({ properties, $defs, anyOf, items }: JsonObject): unknown[] {
  return [
    ...Object.values(toRecord(properties)),
    ...Object.values(toRecord($defs)),
    ...(Array.isArray(anyOf) ? anyOf : []),
    ...(items === undefined ? [] : [items]),
  ];
}
