import type { Session } from '@synapse/core';

export function describeSession({ title, preview }: Pick<Session, 'title' | 'preview'>): string {
  return title ?? preview ?? '(no text)';
}
