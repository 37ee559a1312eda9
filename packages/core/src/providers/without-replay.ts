import type { RequestMessage } from '../ports/model-provider.ts';
import type { ReasoningPart, TextPart, ToolCallPart } from '../session/part.ts';

type AnswerPart = TextPart | ReasoningPart | ToolCallPart;

/** The same messages for another model: what a model wants to see again is only for itself. */
export function withoutReplay(messages: readonly RequestMessage[]): RequestMessage[] {
  return messages.map((message) => {
    if (message.role !== 'assistant') return message;
    return { role: message.role, parts: message.parts.flatMap(withoutReplayOf) };
  });
}

/** Nothing where it was all that there was to the part. */
export function withoutReplayOf(part: AnswerPart): AnswerPart[] {
  if (part.replay === undefined) return [part];
  const bare = { ...part };
  delete bare.replay;
  return bare.type === 'reasoning' && bare.text.trim() === '' ? [] : [bare];
}
