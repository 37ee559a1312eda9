import type { Leaf } from '@synapse/config';
import { redactSecrets } from '@synapse/core';

const REDACTED = '[redacted]';

/** A value that is safe to show: without secrets, even in an address. */
export function showable(value: unknown, leaf: Pick<Leaf<unknown>, 'sensitive'>): unknown {
  if (leaf.sensitive && value !== null && value !== undefined) return REDACTED;
  if (typeof value === 'string') return redactSecrets(value);
  if (Array.isArray(value)) return value.map((item) => showable(item, leaf));
  return value ?? null;
}

/** Plain, so that a script can use it: text without quotes, and nothing for an unset value. */
export function toBareText(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
