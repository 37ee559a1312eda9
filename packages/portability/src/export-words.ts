import type { Message, AttachmentReference, ContextPart, Session } from '@synapse/core';

/** The words that all formats for readers share. */
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
  const who = {
    user: 'User',
    assistant: 'Assistant',
    tool: 'Tool',
    context: 'Context',
    title: 'Title',
  }[role];
  const by = [provider, model].filter(Boolean).join('/');
  return [who, by, createdAt.toISOString(), status === 'complete' ? '' : status]
    .filter(Boolean)
    .join(' · ')
    .replaceAll(/\s+/g, ' ');
}

/** The text of a note by Synapse; a summary follows it in its own place. */
export function exportContext(context: ContextPart): string {
  const { summary, summarySeq, leftOutSeq, collapsedSeq, prunedSeq, pinnedSeqs } = context;
  const facts = [
    summary !== null && `messages up to #${summarySeq} are sent as a summary`,
    leftOutSeq > (summary === null ? 0 : summarySeq) &&
      `messages up to #${leftOutSeq} are left out`,
    collapsedSeq > leftOutSeq &&
      `repeated results up to #${collapsedSeq} are sent as a short reference`,
    prunedSeq > leftOutSeq && `long results up to #${prunedSeq} are sent as a short reference`,
    pinnedSeqs.length > 0 && `always sent: ${pinnedSeqs.map((seq) => `#${seq}`).join(', ')}`,
  ].filter((fact) => fact !== false);
  return `In requests from here on: ${facts.length > 0 ? facts.join('; ') : 'everything'}.`;
}

export function exportAttachment({ name, mediaType, byteLength }: AttachmentReference): string {
  return `${name ?? 'attachment'} (${mediaType}, ${byteLength} bytes)`.replaceAll(/\s+/g, ' ');
}
