import { Ajv2020 } from 'ajv/dist/2020.js';
import { isRecord, type Json, type Problems } from './problems.ts';

const ajv = new Ajv2020({ strict: false, validateFormats: false, unicodeRegExp: false });
const NOT_AT_TOP = ['$ref', 'anyOf', 'oneOf', 'allOf', 'enum', 'not'];
const PROPERTY = /^[a-zA-Z0-9_.-]{1,64}$/;
/** Keywords under which values stand that are no schemas. */
const VALUES = new Set(['const', 'default', 'enum', 'examples', 'required', 'dependentRequired']);
const TABLES = new Set(['properties', 'patternProperties', '$defs', 'dependentSchemas']);

/** OpenAI's own servers, and the many that copy what they check. */
export function checkOpenAiSchema(schema: unknown, problems: Problems): void {
  for (const found of toolSchemaProblems(schema)) {
    problems.check(false, `tools: parameters: ${found}`);
  }
}

export function checkAnthropicSchema(schema: unknown, problems: Problems): void {
  for (const found of toolSchemaProblems(schema)) {
    problems.check(false, `tools: input_schema: ${found}`);
  }
  const names = isRecord(schema) && isRecord(schema.properties) ? schema.properties : {};
  for (const name of Object.keys(names)) {
    problems.check(PROPERTY.test(name), `tools: input_schema: property ${name}`);
  }
}

/** What of a tool's schema the strictest of the providers would refuse. */
export function toolSchemaProblems(schema: unknown): string[] {
  if (!isRecord(schema) || schema.type !== 'object') return ['must be of type object'];
  const found: string[] = [];
  if (!isRecord(schema.properties)) found.push('object schema missing properties');
  for (const keyword of NOT_AT_TOP) {
    if (Object.hasOwn(schema, keyword))
      found.push(`schema must not have ${keyword} at the top level`);
  }
  if (ajv.validateSchema(schema) !== true) found.push('not a schema of draft 2020-12');
  const definitions = isRecord(schema.$defs) ? schema.$defs : {};
  for (const part of schemasIn(schema)) {
    const types = [part.type].flat();
    if (types.includes('array') && !isRecord(part.items)) found.push('array schema missing items');
    if (Object.hasOwn(part, 'definitions')) found.push('definitions of an older draft');
    if (typeof part.$ref !== 'string') continue;
    const [, name = ''] = /^#\/\$defs\/([\w.-]+)$/.exec(part.$ref) ?? [];
    if (!Object.hasOwn(definitions, name)) found.push(`unresolvable ${part.$ref}`);
  }
  return found;
}

export function* schemasIn(schema: Json): Generator<Json> {
  yield schema;
  for (const [keyword, value] of Object.entries(schema)) {
    if (VALUES.has(keyword)) continue;
    const parts = TABLES.has(keyword) && isRecord(value) ? Object.values(value) : [value].flat();
    for (const part of parts) if (isRecord(part)) yield* schemasIn(part);
  }
}
