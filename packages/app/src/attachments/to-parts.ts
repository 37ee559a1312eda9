import type { AttachmentStore, Part } from '@synapse/core';
import type { Attachment } from './attachment.ts';

/** Attachments as a message holds them: text in the message itself, the rest stored separately. */
export async function toParts(
  attachments: readonly Attachment[],
  store: Pick<AttachmentStore, 'put'>,
): Promise<Part[]> {
  const parts: Part[] = [];
  for (const { name, bytes, content } of attachments) {
    if (content.kind === 'text') {
      parts.push({ type: 'text', text: marked(name, content.text) });
    } else {
      const { kind, mediaType } = content;
      parts.push({ type: kind, attachment: await store.put({ bytes, mediaType, name }) });
    }
  }
  return parts;
}

function marked(name: string, text: string): string {
  return `\n\n<file name=${JSON.stringify(name)}>\n${text.replace(/\n$/, '')}\n</file>`;
}
