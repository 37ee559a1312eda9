import { redactJson, redactSecrets, type Message, type Part, type Session } from '@synapse/core';

export type Redact = (text: string) => string;

/** Redacts by shape, and the `known` secrets wherever they stand. */
export function createRedact(known: readonly string[]): Redact {
  return (text) => redactSecrets(text, known);
}

export function redactSession(session: Session, redact: Redact): Session {
  const or = (text: string | null) => (text === null ? null : redact(text));
  return {
    ...session,
    handle: or(session.handle) === session.handle ? session.handle : null,
    title: or(session.title),
    systemPrompt: or(session.systemPrompt),
    workingDirectory: or(session.workingDirectory),
    preview: or(session.preview),
    tags: session.tags.map(redact),
    metadata: redactJson(session.metadata, redact),
  };
}

export function redactMessage(message: Message, redact: Redact): Message {
  const { error, finishReason } = message;
  return {
    ...message,
    parts: message.parts.map((part) => redactPart(part, redact)),
    finishReason: finishReason && {
      ...finishReason,
      raw: finishReason.raw === null ? null : redact(finishReason.raw),
    },
    error: error && { code: error.code, message: redact(error.message) },
  };
}

/**
 * Attachments become a word about them, as nobody can look into their bytes, and what a provider
 * wants to see again goes: it is sealed, and may hold the same text.
 */
function redactPart(part: Part, redact: Redact): Part {
  switch (part.type) {
    case 'text':
    case 'title':
      return { type: part.type, text: redact(part.text) };
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
