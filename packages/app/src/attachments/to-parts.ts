import type { AttachmentStore, Part } from '@synapse/core';
import type { Attachment } from './attachment.ts';

/**
 * Attachments as parts of a message: text in the message itself, everything else stored separately.
 */
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
