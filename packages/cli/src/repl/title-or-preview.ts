import type { Session } from '@synapse/core';

export function titleOrPreview({ title, preview }: Pick<Session, 'title' | 'preview'>): string {
  return title ?? preview ?? '(no text)';
}
