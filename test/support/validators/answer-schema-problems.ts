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
