import { decodeText } from './decode-text.ts';

/** A file or image that is attached to a prompt, read and recognised. */
export interface Attachment {
  /** A recognisable name: the file name, or the end of an address. */
  name: string;
  bytes: Uint8Array;
  content: AttachmentContent;
}

export type AttachmentContent =
  { kind: 'text'; text: string } | { kind: 'image' | 'file'; mediaType: string };

/**
 * The type of the bytes by their beginning, not by their name; undefined for unknown binary data.
 */
export function recogniseContent(bytes: Uint8Array): AttachmentContent | undefined {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return { kind: 'image', mediaType: 'image/png' };
  if (head.startsWith('\xff\xd8\xff')) return { kind: 'image', mediaType: 'image/jpeg' };
  if (/^GIF8[79]a/.test(head)) return { kind: 'image', mediaType: 'image/gif' };
  if (/^RIFF[^]{4}WEBP/.test(head)) return { kind: 'image', mediaType: 'image/webp' };
  if (head.startsWith('%PDF-')) return { kind: 'file', mediaType: 'application/pdf' };
  const text = decodeText(bytes);
  return text === undefined ? undefined : { kind: 'text', text };
}
