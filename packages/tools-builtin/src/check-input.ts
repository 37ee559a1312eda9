import type { JsonObject, JsonValue } from '@synapse/core';

/**
 * What of an input does not fit, in sentences that a model can act on. Knows just those parts of
 * JSON Schema that the tools here use, which keeps a validator out of the way of the first answer.
 */
export function checkInput(input: JsonObject, schema: JsonObject): string[] {
  const properties = schema.properties as Record<string, JsonObject>;
  const required = (schema.required ?? []) as string[];
  const missing = required.filter((name) => !(name in input));
  const unknown = Object.keys(input).filter((name) => !Object.hasOwn(properties, name));
  return [
    ...missing.map((name) => `"${name}" is missing.`),
    ...unknown.map((name) => `There is no "${name}"; it takes ${list(Object.keys(properties))}.`),
    ...Object.entries(properties).flatMap(([name, property]) => {
      const value = input[name];
      const problem = value === undefined ? undefined : problemWith(value, property);
      return problem === undefined ? [] : [`"${name}" must be ${problem}.`];
    }),
  ];
}

function problemWith(value: JsonValue, property: JsonObject): string | undefined {
  const { type, minimum, enum: choices, minLength } = property;
  if (Array.isArray(choices)) {
    return choices.includes(value) ? undefined : `one of ${list(choices.map(String))}`;
  }
  if (type === 'integer') {
    const least = typeof minimum === 'number' ? minimum : Number.MIN_SAFE_INTEGER;
    const isWhole = Number.isSafeInteger(value);
    return isWhole && Number(value) >= least ? undefined : `a whole number from ${least} on`;
  }
  if (type === 'object') {
    const isTable = typeof value === 'object' && value !== null && !Array.isArray(value);
    const isOfText = isTable && Object.values(value).every((one) => typeof one === 'string');
    return isOfText ? undefined : 'an object whose values are strings';
  }
  if (typeof type === 'string' && typeof value !== type) return `a ${type}`;
  return minLength === 1 && value === '' ? 'a string that is not empty' : undefined;
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
