import type { RequestMessage } from '../ports/model-provider.ts';

/** The same messages for another model: what a model wants to see again is only for itself. */
export function withoutReplay(messages: readonly RequestMessage[]): RequestMessage[] {
  return messages.map((message) => {
    if (message.role !== 'assistant') return message;
    const parts = message.parts.flatMap((part) => {
      if (part.replay === undefined) return part;
      const bare = { ...part };
      delete bare.replay;
      return bare.type === 'reasoning' && bare.text.trim() === '' ? [] : bare;
    });
    return { role: message.role, parts };
  });
}
