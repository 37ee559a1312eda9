import { isJsonObject, type JsonObject, type Part } from '@synapse/core';
import type { AnswerHead, WholeAnswer } from '../answer-writer.ts';
import { toMessagesUsage, toStop } from './messages-writer.ts';

/** A whole answer, as the Messages API gives it without a stream. */
export function toMessagesDocument(
  { id, model }: AnswerHead,
  { parts, turnEnd }: WholeAnswer,
): JsonObject {
  return {
    ...{ id: `msg_${id}`, type: 'message', role: 'assistant', model },
    content: parts.flatMap(toBlock),
    ...toStop(turnEnd.finishReason),
    usage: toMessagesUsage(turnEnd.usage),
  };
}

function toBlock(part: Part): JsonObject[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    case 'reasoning':
      return [toThinking(part)];
    case 'tool-call':
      return [{ type: 'tool_use', id: part.id, name: part.name, input: part.input }];
    default:
      return [];
  }
}

/** Thinking without the signature of Anthropic is for people: it can't be sent back. */
function toThinking({ text, replay }: Extract<Part, { type: 'reasoning' }>): JsonObject {
  const data = replay?.dialect === 'anthropic' && isJsonObject(replay.data) ? replay.data : {};
  if (data.type === 'redacted_thinking') {
    return { type: 'redacted_thinking', data: data.data ?? '' };
  }
  const { signature } = data;
  const signed = typeof signature === 'string' ? signature : '';
  return { type: 'thinking', thinking: text, signature: signed };
}
