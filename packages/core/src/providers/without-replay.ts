import type { RequestMessage } from '../ports/model-provider.ts';

/** The same messages for another model: what a model wants to see again is only for itself. */
export function withoutReplay(messages: readonly RequestMessage[]): RequestMessage[] {
  return messages.map((message) => {
    if (message.role !== 'assistant') return message;
    const parts = message.parts.flatMap((part) => {
      if (part.type !== 'reasoning' || part.replay === undefined) return part;
      return part.text.trim() === '' ? [] : { type: part.type, text: part.text };
    });
    return { role: message.role, parts };
  });
}
