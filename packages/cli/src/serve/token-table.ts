import type { Token } from '@synapse/core/server';
import { toTable } from '@synapse/terminal';
import type { OutputStyle } from '../output/output-style.ts';

const columns = [
  { title: 'ID', text: ({ id }: Token) => id },
  { title: 'NAME', text: ({ name }: Token) => name, isFlexible: true },
  { title: 'SCOPES', text: ({ scopes }: Token) => scopes.join(', ') },
  { title: 'CREATED', text: ({ createdAt }: Token) => dayOf(createdAt) },
  { title: 'USED', text: ({ lastUsedAt }: Token) => dayOf(lastUsedAt) },
  { title: 'REVOKED', text: ({ revokedAt }: Token) => dayOf(revokedAt) },
];

export function toTokenTable(tokens: readonly Token[], style: OutputStyle): string {
  return toTable(columns, tokens, style);
}

function dayOf(time: Date | null): string {
  return time?.toISOString().slice(0, 10) ?? '';
}
