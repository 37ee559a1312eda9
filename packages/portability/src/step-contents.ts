import type { AttachmentReference } from '@synapse/core';
import { exportAttachment } from './export-words.ts';
import type { Step } from './export-steps.ts';

/** What a message shows: text, and attachments as data, or as a note where the format takes no data. */
export type StepContent =
  | { type: 'text' | 'note'; text: string }
  | { type: 'data'; attachment: AttachmentReference; url: string };

export function contentsOf(
  { parts, bytes }: Step,
  inlines: (attachment: AttachmentReference) => boolean,
): StepContent[] {
  const contents: StepContent[] = [];
  for (const part of parts) {
    const last = contents.at(-1);
    if (part.type === 'text' && last?.type === 'text') last.text += part.text;
    else if (part.type === 'text') contents.push({ type: 'text', text: part.text });
    else if (part.type === 'image' || part.type === 'file') {
      contents.push(attachmentContent(part.attachment, bytes, inlines));
    }
  }
  return contents.filter((content) => content.type === 'data' || content.text !== '');
}

export function attachmentContent(
  attachment: AttachmentReference,
  bytes: ReadonlyMap<string, Uint8Array>,
  inlines: (attachment: AttachmentReference) => boolean,
): StepContent {
  const found = bytes.get(attachment.sha256);
  if (found === undefined || !inlines(attachment)) {
    return { type: 'note', text: noteOf(attachment) };
  }
  return { type: 'data', attachment, url: dataUrl(attachment, found) };
}

export function inlinesNone(): boolean {
  return false;
}

/** Those that every reader of such formats shows. */
export function isCommonImage({ mediaType }: AttachmentReference): boolean {
  return ['image/png', 'image/jpeg', 'image/webp', 'image/gif'].includes(mediaType.toLowerCase());
}

/** The contents as one text. */
export function textOfContents(contents: readonly StepContent[]): string {
  return contents
    .map((content) => (content.type === 'data' ? noteOf(content.attachment) : content.text))
    .join('\n');
}

export function noteOf(attachment: AttachmentReference): string {
  return `[attachment: ${exportAttachment(attachment)}]`;
}

/** As it stands in an address, which foreign characters would end. */
export function plainMediaType({ mediaType }: AttachmentReference): string {
  const plain = mediaType.toLowerCase();
  return /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/.test(plain) ? plain : 'application/octet-stream';
}

function dataUrl(attachment: AttachmentReference, bytes: Uint8Array): string {
  return `data:${plainMediaType(attachment)};base64,${Buffer.from(bytes).toString('base64')}`;
}
