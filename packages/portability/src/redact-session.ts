import {
  redactJson,
  redactSecrets,
  type JsonObject,
  type Message,
  type Part,
  type Session,
} from '@synapse/core';
import { messageFields, sessionFields } from '@synapse/core/store-kit';

export type Redact = (text: string) => string;

/** Redacts by shape, and redacts the `known` secrets everywhere. */
export function createRedact(known: readonly string[]): Redact {
  return (text) => redactSecrets(text, known);
}

export function redactSession(session: Session, redact: Redact): Session {
  const { handle, tags } = session;
  return {
    ...redactFields(session, sessionFields, redact),
    handle: handle === null || redact(handle) === handle ? handle : null,
    tags: tags.map(redact),
  };
}

export function redactMessage(message: Message, redact: Redact): Message {
  const { error, finishReason } = message;
  return {
    ...redactFields(message, messageFields, redact),
    parts: message.parts.map((part) => redactPart(part, redact)),
    finishReason: finishReason && {
      ...finishReason,
      raw: finishReason.raw === null ? null : redact(finishReason.raw),
    },
    error: error && { code: error.code, message: redact(error.message) },
  };
}

/** Redacts texts and JSON. Fields of other kinds stay as they are. */
function redactFields<T extends Session | Message>(
  record: T,
  table: Record<keyof T, { kind: string }>,
  redact: Redact,
): T {
  const redacted = { ...record };
  for (const name of Object.keys(table) as (keyof T)[]) {
    const value: unknown = record[name];
    if (value === null) continue;
    const { kind } = table[name];
    if (kind === 'text') redacted[name] = redact(value as string) as T[keyof T];
    if (kind === 'json') redacted[name] = redactJson(value as JsonObject, redact) as T[keyof T];
  }
  return redacted;
}

/**
 * Attachments become a note, because their bytes can't be checked. Replay data of providers is
 * removed: it is opaque, and may contain the same text.
 */
function redactPart(part: Part, redact: Redact): Part {
  switch (part.type) {
    case 'title':
      return { type: part.type, text: redact(part.text) };
    case 'text': {
      const { type, text, isInjected } = part;
      return { type, text: redact(text), ...(isInjected && { isInjected }) };
    }
    case 'raw':
      return { ...part, data: redactJson({ data: part.data }, redact).data ?? null };
    case 'context':
      return { ...part, summary: part.summary === null ? null : redact(part.summary) };
    case 'reasoning':
      return { type: part.type, text: redact(part.text) };
    case 'tool-call': {
      const { invalidInput, ...rest } = part;
      const input = redactJson(part.input, redact);
      if (invalidInput === undefined) return { ...rest, input };
      return { ...rest, input, invalidInput: redact(invalidInput) };
    }
    case 'tool-result': {
      const { type, id, name, output, isError } = part;
      return { type, id, name, output: redact(output), isError };
    }
    case 'image':
    case 'file':
      return {
        type: 'text',
        text: `[${part.type} left out: ${redact(part.attachment.name ?? '')}]`,
      };
  }
}
