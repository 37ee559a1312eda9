import type { Message } from '../session/message.ts';
import type { AttachmentReference } from '../session/part.ts';
import type { Session } from '../session/session.ts';

/** What all formats for readers say alike. */
export function exportTitle({ title, handle, id }: Session): string {
  return (title ?? handle ?? id).replaceAll(/[\s\p{Cc}]+/gu, ' ').trim() || id;
}

export function exportFacts(session: Session): [string, string][] {
  const facts: [string, string | null][] = [
    ['Session', session.id],
    ['Name', session.handle],
    ['Model', [session.provider, session.model].filter(Boolean).join('/')],
    ['Begun', session.createdAt.toISOString()],
    ['Last message', session.updatedAt.toISOString()],
    ['Tags', session.tags.join(', ')],
  ];
  return facts.flatMap(([name, text]) => (text ? [[name, text.replaceAll(/\s+/g, ' ')]] : []));
}

export function exportHeading({ role, status, provider, model, createdAt }: Message): string {
  const who = { user: 'User', assistant: 'Assistant', tool: 'Tool' }[role];
  const by = role === 'assistant' ? [provider, model].filter(Boolean).join('/') : '';
  return [who, by, createdAt.toISOString(), status === 'complete' ? '' : status]
    .filter(Boolean)
    .join(' · ')
    .replaceAll(/\s+/g, ' ');
}

export function exportAttachment({ name, mediaType, byteLength }: AttachmentReference): string {
  return `${name ?? 'attachment'} (${mediaType}, ${byteLength} bytes)`.replaceAll(/\s+/g, ' ');
}
