import { isRecord, type Problems } from './problems.ts';
import { schemasIn } from './tool-schema-problems.ts';

const STRICT =
  /^(\$defs|\$ref|additionalProperties|anyOf|const|description|enum|items|properties|required|title|type|pattern|format|multipleOf|(exclusive)?(Max|Min|max|min)imum|(min|max)Items)$/;

/** OpenAI guarantees few shapes, and refuses to for the others. */
export function checkStrictSchema(format: unknown, problems: Problems): void {
  if (!isRecord(format) || format.strict !== true) return;
  const { schema } = format;
  if (!problems.check(isRecord(schema), 'strict schema: missing') || !isRecord(schema)) return;
  problems.check(schema.type === 'object', 'strict schema: must be an object at the root');
  problems.check(schema.anyOf === undefined, 'strict schema: anyOf at the root');
  for (const part of schemasIn(schema)) {
    for (const keyword of Object.keys(part)) {
      problems.check(STRICT.test(keyword), `strict schema: '${keyword}' is not permitted`);
    }
    const { type, properties, required, additionalProperties, $ref } = part;
    if ($ref !== undefined) {
      problems.check(Object.keys(part).length === 1, 'strict schema: $ref cannot have keywords');
    } else {
      const isTyped = type !== undefined || part.anyOf !== undefined || 'enum' in part;
      problems.check(isTyped || 'const' in part, "strict schema: must have a 'type' key");
    }
    if (![type].flat().includes('object') && properties === undefined) continue;
    problems.check(
      additionalProperties === false,
      'strict schema: additionalProperties must be false',
    );
    const names = isRecord(properties) ? Object.keys(properties) : [];
    const demanded = Array.isArray(required) ? required : [];
    problems.check(
      names.length === demanded.length && names.every((name) => demanded.includes(name)),
      'strict schema: required must name every property',
    );
  }
}

const GUARANTEED =
  /^(\$defs|\$ref|additionalProperties|anyOf|const|default|description|enum|format|items|minItems|properties|required|title|type)$/;
const FORMAT = /^(date-time|time|date|duration|email|hostname|uri|ipv4|ipv6|uuid)$/;

/** What Anthropic refuses of the shape of an answer. */
export function checkAnthropicAnswerSchema(schema: unknown, problems: Problems): void {
  if (!problems.check(isRecord(schema), 'output_config: schema') || !isRecord(schema)) return;
  for (const part of schemasIn(schema)) {
    for (const keyword of Object.keys(part)) {
      problems.check(GUARANTEED.test(keyword), `output_config: '${keyword}' is not supported`);
    }
    const { type, properties, additionalProperties, items, minItems = 0, format = 'date' } = part;
    const types = [type].flat();
    const saysWhat = type !== undefined || part.anyOf !== undefined || part.$ref !== undefined;
    problems.check(saysWhat, 'output_config: type is missing');
    problems.check(minItems === 0 || minItems === 1, 'output_config: minItems');
    problems.check(FORMAT.test(format as string), 'output_config: format');
    problems.check(!types.includes('array') || isRecord(items), 'output_config: items');
    if (!types.includes('object') && properties === undefined) continue;
    problems.check(additionalProperties === false, 'output_config: additionalProperties');
  }
  const definitions = isRecord(schema.$defs) ? schema.$defs : {};
  const follow = (part: unknown, open: readonly string[]): void => {
    if (!isRecord(part)) return;
    for (const { $ref } of schemasIn(part)) {
      if (typeof $ref !== 'string') continue;
      const isCircle = open.includes($ref);
      problems.check(!isCircle, 'output_config: recursive schemas are not supported');
      if (!isCircle) follow(definitions[$ref.replace('#/$defs/', '')], [...open, $ref]);
    }
  };
  follow({ ...schema, $defs: {} }, []);
}
