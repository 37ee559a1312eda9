import { toRecord } from '@synapse/provider-http';

/**
 * True where every object of the schema names all its properties as required and allows no others:
 * only then does OpenAI guarantee the shape, and otherwise it refuses the wish for a guarantee.
 */
export function isStrictSchema(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return true;
  const { properties, required, additionalProperties, type } = toRecord(schema);
  if (type === 'object' || properties !== undefined) {
    const names = Object.keys(toRecord(properties));
    const demanded = Array.isArray(required) ? required : [];
    if (additionalProperties !== false) return false;
    if (!names.every((name) => demanded.includes(name))) return false;
  }
  return Object.values(schema).every(isStrictSchema);
}
