import type { ClientValue } from './client-fields.ts';

/** The texts among the metadata; other values are ignored. */
export function readMetadata(metadata: ClientValue): Record<string, string> {
  if (metadata.isMissing) return {};
  const texts = Object.entries(metadata.object()).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return Object.fromEntries(texts);
}
