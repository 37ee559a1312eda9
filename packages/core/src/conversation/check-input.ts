import { isJsonObject, type JsonObject, type JsonValue } from '../session/json-value.ts';

/**
 * Explains why the arguments of a call do not fit the tool's schema, in sentences that a model can
 * act on. Checks the most common parts of JSON Schema and accepts the rest, because MCP servers
 * check their arguments themselves. So the first answer waits for no validator, and patterns from a
 * server are never run.
 */
export function checkInput(input: JsonObject, schema: JsonObject): string[] {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const missing = required
    .filter((name) => typeof name === 'string')
    .filter((name) => !Object.hasOwn(input, name));
  const isClosed = schema.additionalProperties === false && schema.patternProperties === undefined;
  const unknown = isClosed
    ? Object.keys(input).filter((name) => !Object.hasOwn(properties, name))
    : [];
  return [
    ...missing.map((name) => `"${name}" is missing.`),
    ...unknown.map((name) => `There is no "${name}"; ${offer(Object.keys(properties))}.`),
    ...Object.entries(properties).flatMap(([name, property]) => {
      const value = Object.hasOwn(input, name) ? input[name] : undefined;
      if (value === undefined || !isJsonObject(property)) return [];
      const problem = problemWith(value, property);
      return problem === undefined ? [] : [`"${name}" must be ${problem}.`];
    }),
  ];
}

function problemWith(value: JsonValue, property: JsonObject): string | undefined {
  const { type, minimum, enum: choices, minLength, additionalProperties } = property;
  if (Array.isArray(choices) && choices.every((choice) => !isNested(choice))) {
    return choices.includes(value) ? undefined : `one of ${list(choices.map(String))}`;
  }
  const types = (Array.isArray(type) ? type : [type]).filter((one) => typeof one === 'string');
  if (types.length > 0 && !types.some((one) => isOfType(value, one))) {
    return types.length === 1
      ? nameOf(types[0] ?? '', minimum)
      : `one of these: ${types.join(', ')}`;
  }
  if (typeof value === 'number' && typeof minimum === 'number' && value < minimum) {
    return types.includes('integer')
      ? nameOf('integer', minimum)
      : `a number of at least ${minimum}`;
  }
  const isOfText = isJsonObject(additionalProperties) && additionalProperties.type === 'string';
  if (isOfText && isJsonObject(value) && property.properties === undefined) {
    const fits = Object.values(value).every((one) => typeof one === 'string');
    return fits ? undefined : 'an object whose values are strings';
  }
  return minLength === 1 && value === '' ? 'a string that is not empty' : undefined;
}

function isOfType(value: JsonValue, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isJsonObject(value);
    case 'integer':
      return Number.isSafeInteger(value);
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type;
    default:
      return true;
  }
}

function nameOf(type: string, minimum: JsonValue | undefined): string {
  if (type === 'null') return 'null';
  if (type !== 'integer') return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
  return typeof minimum === 'number' ? `a whole number of at least ${minimum}` : 'a whole number';
}

function offer(names: readonly string[]): string {
  return names.length === 0 ? 'it takes no arguments' : `it takes ${list(names)}`;
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

function isNested(value: JsonValue | undefined): value is JsonObject | JsonValue[] {
  return typeof value === 'object' && value !== null;
}
