import { isRecord, type Problems } from './problems.ts';

const UNIONS = ['oneOf', 'anyOf', 'allOf'];
const BESIDES = ['enum', 'not'];
const PROPERTY = /^[a-zA-Z0-9_.-]{1,64}$/;

/** OpenAI's own servers take an object with properties, and no choice between objects. */
export function checkOpenAiSchema(schema: unknown, problems: Problems): void {
  if (!checkObject(schema, [...UNIONS, ...BESIDES], 'tools: parameters', problems)) return;
  problems.check(
    isRecord(schema.properties),
    'tools: parameters: object schema missing properties',
  );
}

export function checkAnthropicSchema(schema: unknown, problems: Problems): void {
  if (!checkObject(schema, UNIONS, 'tools: input_schema', problems)) return;
  const names = isRecord(schema.properties) ? Object.keys(schema.properties) : [];
  for (const name of names)
    problems.check(PROPERTY.test(name), `tools: input_schema: property ${name}`);
}

function checkObject(
  schema: unknown,
  refused: readonly string[],
  where: string,
  problems: Problems,
): schema is Record<string, unknown> {
  const isObject = isRecord(schema) && schema.type === 'object';
  if (!problems.check(isObject, `${where}: must be of type object`) || !isRecord(schema))
    return false;
  for (const keyword of refused)
    problems.check(!(keyword in schema), `${where}: ${keyword} at the top level`);
  return true;
}
