import type { Anthropic } from '@anthropic-ai/sdk';
import type { LoadedFile, LoadedImage, TextPart } from '@synapse/core';

type Content = Anthropic.TextBlockParam | Anthropic.ImageBlockParam | Anthropic.DocumentBlockParam;

const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const;
const TEXT_TYPE = /^text\/|^application\/(?:json|xml|yaml|toml|javascript)\b|\+(?:json|xml)$/;

export function toAnthropicContent(part: TextPart | LoadedImage | LoadedFile): Content {
  switch (part.type) {
    case 'text':
      // The API refuses an empty block, and a message needs at least one block.
      return { type: 'text', text: part.text.trim() === '' ? '[empty]' : part.text };
    case 'image':
      return toImage(part);
    case 'file':
      return toDocument(part);
  }
}

function toImage(part: LoadedImage): Content {
  const mediaType = IMAGE_TYPES.find((type) => type === part.attachment.mediaType);
  if (mediaType === undefined) return toNote(part);
  const data = toBase64(part.bytes);
  return { type: 'image', source: { type: 'base64', media_type: mediaType, data } };
}

function toDocument(part: LoadedFile): Content {
  const { mediaType, name } = part.attachment;
  const title = name === null ? {} : { title: name };
  if (mediaType === 'application/pdf') {
    const source = { type: 'base64', media_type: mediaType, data: toBase64(part.bytes) } as const;
    return { type: 'document', source, ...title };
  }
  if (!TEXT_TYPE.test(mediaType)) return toNote(part);
  const data = Buffer.from(part.bytes).toString('utf8');
  if (data.trim() === '') return toNote(part);
  return { type: 'document', source: { type: 'text', media_type: 'text/plain', data }, ...title };
}

/** Tells the model about an attachment that it cannot see. */
function toNote({ attachment }: LoadedImage | LoadedFile): Content {
  const { name, mediaType, byteLength } = attachment;
  const text = `[attachment ${name ?? attachment.sha256} (${mediaType}, ${byteLength} bytes) is not shown]`;
  return { type: 'text', text };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
