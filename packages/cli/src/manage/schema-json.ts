import type { SchemaStatus } from '@synapse/core';

export function schemaToJson({ applied, pending }: SchemaStatus): object {
  return {
    applied: applied.map(({ version, name, appliedAt }) => ({ version, name, appliedAt })),
    pending,
  };
}
