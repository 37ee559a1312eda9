import type { SchemaStatus } from '@synapse/core';

export function schemaToJson({ applied, pending }: SchemaStatus): object {
  return {
    applied: applied.map(({ version, name, appliedAt }) => ({ version, name, appliedAt })),
    pending,
  };
}

/** One line for each step of the schema. */
export function schemaText({ applied, pending }: SchemaStatus): string {
  return [
    ...applied.map(({ name, appliedAt }) => `applied  ${name}  ${appliedAt.toISOString()}`),
    ...pending.map((name) => `pending  ${name}`),
  ].join('\n');
}
