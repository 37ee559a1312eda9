/** A file or image that is attached to a prompt, read and recognised. */
export interface Attachment {
  /** As the person would recognise it: a file's name, the end of an address. */
  name: string;
  bytes: Uint8Array;
  content: AttachmentContent;
}

export type AttachmentContent =
  { kind: 'text'; text: string } | { kind: 'image' | 'file'; mediaType: string };
