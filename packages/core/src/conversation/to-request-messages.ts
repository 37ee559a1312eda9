import type { AttachmentStore } from '../ports/attachment-store.ts';
import type {
  LoadedFile,
  LoadedImage,
  LoadedToolResult,
  RequestMessage,
} from '../ports/model-provider.ts';
import type { Answerer } from '../providers/is-same-model.ts';
import {
  isImage,
  type AttachmentReference,
  type TextPart,
  type ToolResultPart,
} from '../session/part.ts';
import { isBlank, type HistoryMessage, type StoredMessage } from './clean-parts.ts';
import { repairHistory } from './repair-history.ts';

// The image types that every provider with image input reads.
const IMAGE_TYPES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/**
 * Builds the messages of a request, as ModelRequest demands them, from any part of a session in any
 * state. Loads the content of attachments, and names those that are missing. With an `answerer`,
 * only that model's own earlier messages carry the data that it needs back.
 */
export async function toRequestMessages(
  messages: readonly StoredMessage[],
  attachments: Pick<AttachmentStore, 'get'>,
  answerer: Answerer | null = null,
): Promise<RequestMessage[]> {
  return loadMessages(repairHistory(messages, answerer), attachments);
}

export async function loadMessages(
  history: readonly HistoryMessage[],
  attachments: Pick<AttachmentStore, 'get'>,
): Promise<RequestMessage[]> {
  const loaded = new Map<string, Promise<Uint8Array | undefined>>();
  const load: Load = ({ sha256 }) => {
    const bytes = loaded.get(sha256) ?? attachments.get(sha256);
    loaded.set(sha256, bytes);
    return bytes;
  };
  const request: RequestMessage[] = [];
  // Avoids awaiting messages with only text, which are nearly all of a long session.
  for (const message of history) {
    request.push(isLoaded(message) ? message : await loadMessage(message, load));
  }
  return request;
}

function isLoaded(message: HistoryMessage): message is HistoryMessage & RequestMessage {
  const { role, parts } = message;
  return role === 'assistant' || (role === 'user' && parts.every(({ type }) => type === 'text'));
}

type Load = (reference: AttachmentReference) => Promise<Uint8Array | undefined>;

async function loadMessage(
  message: Exclude<HistoryMessage, { role: 'assistant' }>,
  load: Load,
): Promise<RequestMessage> {
  switch (message.role) {
    case 'user': {
      const parts: (TextPart | LoadedImage | LoadedFile)[] = [];
      for (const part of message.parts) {
        if (part.type === 'text') parts.push(part);
        else parts.push(await loadAttachment(part.type, part.attachment, load));
      }
      return { role: 'user', parts };
    }
    case 'tool': {
      const parts: LoadedToolResult[] = [];
      for (const result of message.parts) parts.push(await loadResult(result, load));
      return { role: 'tool', parts };
    }
  }
}

async function loadResult(result: ToolResultPart, load: Load): Promise<LoadedToolResult> {
  const { type, id, name, isError, attachments = [] } = result;
  const images: LoadedImage[] = [];
  let { output } = result;
  // Anthropic accepts only text in the result of a failed call.
  if (isError) return { type, id, name, output, isError, images };
  for (const attachment of attachments) {
    if (!isImage(attachment)) continue;
    const part = await loadAttachment('image', attachment, load);
    if (part.type === 'image') images.push(part);
    else output += `\n${part.text}`;
  }
  return { type, id, name, output, isError, images };
}

async function loadAttachment<Type extends 'image' | 'file'>(
  type: Type,
  reference: AttachmentReference,
  load: Load,
): Promise<{ type: Type; attachment: AttachmentReference; bytes: Uint8Array } | TextPart> {
  const given = reference.name ?? '';
  const name = isBlank(given) ? null : given.toWellFormed();
  const mediaType = reference.mediaType.toWellFormed();
  const called = `${type}${name === null ? '' : ` "${name}"`} (${mediaType})`;
  if (type === 'image' && !IMAGE_TYPES.has(mediaType)) {
    return { type: 'text', text: `[The ${called} is of a kind that can't be shown here.]` };
  }
  const bytes = await load(reference);
  if (bytes === undefined) return { type: 'text', text: `[The ${called} is no longer stored.]` };
  if (bytes.byteLength === 0) return { type: 'text', text: `[The ${called} is empty.]` };
  return { type, attachment: { ...reference, name, mediaType }, bytes };
}
