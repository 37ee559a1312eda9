import type { RequestMessage } from '../ports/model-provider.ts';
import type { ReasoningPart, TextPart, ToolCallPart } from '../session/part.ts';

type AnswerPart = TextPart | ReasoningPart | ToolCallPart;

/** The same messages for another model: replay data is only for the model that made it. */
export function withoutReplay(messages: readonly RequestMessage[]): RequestMessage[] {
  return messages.map((message) => {
    if (message.role !== 'assistant') return message;
    return { role: message.role, parts: message.parts.flatMap(withoutReplayOf) };
  });
}

/** Empty if the part consists only of replay data. */
export function withoutReplayOf(part: AnswerPart): AnswerPart[] {
  if (part.replay === undefined) return [part];
  const bare = { ...part };
  delete bare.replay;
  return bare.type === 'reasoning' && bare.text.trim() === '' ? [] : [bare];
}
