import type { LoadedFile, LoadedImage } from '@synapse/core';

const TEXT_TYPE = /^text\/|^application\/(?:json|xml|yaml|toml|javascript)\b|\+(?:json|xml)$/;

/** A text file as text with its name; undefined for any other file. */
export function fileText({ attachment, bytes }: LoadedFile): string | undefined {
  if (!TEXT_TYPE.test(attachment.mediaType)) return undefined;
  const text = Buffer.from(bytes).toString('utf8');
  return `File ${attachment.name ?? attachment.sha256}:\n\n${text}`;
}

/** Tells the model about an attachment that it cannot see. */
export function attachmentNote({ attachment }: LoadedImage | LoadedFile): string {
  const { name, mediaType, byteLength } = attachment;
  return `[attachment ${name ?? 'without a name'} (${mediaType}, ${byteLength} bytes) is not shown]`;
}

export function toDataUrl({ attachment, bytes }: LoadedImage | LoadedFile): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return `data:${attachment.mediaType};base64,${text}`;
}

export function isImageType(mediaType: string): boolean {
  return ['image/jpeg', 'image/png', 'image/gif', 'image/webp'].includes(mediaType);
}
