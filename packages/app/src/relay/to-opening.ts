import {
  newId,
  newMessage,
  titleFrom,
  type AttachmentReference,
  type NewMessage,
  type Part,
} from '@synapse/core';
import type { RelayOptions, RelayStore } from './relay-options.ts';
import type { RelayedMessage, RelayedRequest } from './relayed-request.ts';

/** The new messages, as they are stored before the model is asked. */
export async function toOpening(
  { app, store, request }: RelayOptions,
  messages: readonly RelayedMessage[],
): Promise<NewMessage[]> {
  for (const { parts } of messages) await putAttachments(store, request, parts);
  return messages.map(({ role, parts }) => {
    const createdAt = app.clock.now();
    const id = newId(createdAt.getTime());
    // An answer that the client had from elsewhere has cost nothing here.
    const cost = role === 'assistant' ? { nanoUsd: 0, price: 'reported' as const } : null;
    return newMessage({ id, role, parts: parts.map(markInjected), cost, createdAt });
  });
}

async function putAttachments(
  { attachments }: RelayStore,
  { contents }: RelayedRequest,
  parts: readonly Part[],
): Promise<void> {
  for (const part of parts) {
    for (const { sha256, mediaType, name } of attachmentsOf(part)) {
      const bytes = contents.get(sha256);
      if (bytes) await attachments.put({ bytes, mediaType, name });
    }
  }
}

function attachmentsOf(part: Part): AttachmentReference[] {
  if (part.type === 'tool-result') return part.attachments ?? [];
  return 'attachment' in part ? [part.attachment] : [];
}

/** The beginnings of texts that coding agents add to the messages of their user. */
const INJECTED =
  /^\s*<(?:environment_context|system-reminder|user_instructions|turn_aborted|command-\w+|local-command-\w+)\b/;

function markInjected(part: Part): Part {
  return part.type === 'text' && INJECTED.test(part.text) ? { ...part, isInjected: true } : part;
}

/** A title from the first text of the user; null if there is none. */
export function titleOf(messages: readonly RelayedMessage[]): string | null {
  const texts = messages.flatMap(({ role, parts }) =>
    role === 'user' ? parts.map(markInjected) : [],
  );
  const first = texts.find((part) => part.type === 'text' && !part.isInjected);
  return first?.type === 'text' ? titleFrom(first.text) : null;
}
