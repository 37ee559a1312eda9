import { textOf, type JsonObject } from '@synapse/core';
import { toArguments, toSeconds, type AnswerHead, type WholeAnswer } from '../answer-writer.ts';
import { toChatUsage, toFinish } from './chat-writer.ts';

/** A whole answer, as Chat Completions give it without a stream. */
export function toChatDocument(head: AnswerHead, { parts, turnEnd }: WholeAnswer): JsonObject {
  const text = textOf(parts);
  const reasoning = parts.map((part) => (part.type === 'reasoning' ? part.text : '')).join('');
  const calls = parts.flatMap((part) =>
    part.type === 'tool-call'
      ? [
          {
            ...{ id: part.id, type: 'function' },
            function: { name: part.name, arguments: toArguments(part) },
          },
        ]
      : [],
  );
  const message = {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  const finish_reason = toFinish(turnEnd.finishReason);
  return {
    ...{ id: `chatcmpl-${head.id}`, object: 'chat.completion' },
    ...{ created: toSeconds(head.createdAt), model: head.model },
    choices: [{ index: 0, message, logprobs: null, finish_reason }],
    usage: toChatUsage(turnEnd.usage),
  };
}
