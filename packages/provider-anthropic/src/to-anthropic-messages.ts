import type { Anthropic } from '@anthropic-ai/sdk';
import type { ReasoningPart, RequestMessage } from '@synapse/core';
import { fitCallId, toRecord, toText } from '@synapse/provider-http';
import { toAnthropicContent } from './to-anthropic-content.ts';
import { ANTHROPIC_DIALECT } from './anthropic-options.ts';

type Block = Anthropic.ContentBlockParam;
interface Message {
  role: 'user' | 'assistant';
  content: Block[];
}

const CALL_ID = /^[a-zA-Z0-9_-]{1,64}$/;
const CALL_ID_LENGTH = 24;

export function toAnthropicMessages(messages: readonly RequestMessage[]): Message[] {
  const merged: Message[] = [];
  for (const message of messages) {
    const { role, content } = toMessage(message);
    const last = merged.at(-1);
    // Tool results belong to a user message here, and an answer may have nothing to repeat.
    if (last?.role === role) last.content.push(...content);
    else if (content.length > 0) merged.push({ role, content });
  }
  for (const message of merged.filter(({ role }) => role === 'user').slice(-2)) {
    markForCache(message.content);
  }
  return merged;
}

function toMessage(message: RequestMessage): Message {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: message.parts.map(toAnthropicContent) };
    case 'tool':
      return { role: 'user', content: message.parts.map(toToolResult) };
    case 'assistant':
      return { role: 'assistant', content: withoutLastThoughts(message.parts.flatMap(toAnswer)) };
  }
}

function toAnswer(part: Extract<RequestMessage, { role: 'assistant' }>['parts'][number]): Block[] {
  switch (part.type) {
    case 'text':
      return part.text.trim() === '' ? [] : [{ type: 'text', text: part.text }];
    case 'reasoning':
      return toThinking(part);
    case 'tool-call':
      return [{ type: 'tool_use', id: toCallId(part.id), name: part.name, input: part.input }];
  }
}

/** Only signed thinking may be sent back, and only unchanged. */
function toThinking({ text, replay }: ReasoningPart): Block[] {
  if (replay?.dialect !== ANTHROPIC_DIALECT) return [];
  const { type, signature, data } = toRecord(replay.data);
  if (type === 'redacted_thinking' && isText(data)) return [{ type, data }];
  if (type === 'thinking' && isText(signature)) return [{ type, thinking: text, signature }];
  return [];
}

function isText(value: unknown): value is string {
  return toText(value).trim() !== '';
}

/** An answer must not end with thinking; an interrupted one may. */
function withoutLastThoughts(blocks: Block[]): Block[] {
  const last = blocks.findLastIndex(({ type }) => !type.endsWith('thinking'));
  return blocks.slice(0, last + 1);
}

function toToolResult(
  result: Extract<RequestMessage, { role: 'tool' }>['parts'][number],
): Anthropic.ToolResultBlockParam {
  const text = result.output.trim() === '' ? [] : [{ type: 'text' as const, text: result.output }];
  const images = result.images
    .map(toAnthropicContent)
    .filter((block) => block.type === 'image' || block.type === 'text');
  return {
    type: 'tool_result',
    tool_use_id: toCallId(result.id),
    ...(text.length + images.length > 0 && { content: [...text, ...images] }),
    ...(result.isError && { is_error: true }),
  };
}

function toCallId(id: string): string {
  return fitCallId(id, CALL_ID, CALL_ID_LENGTH);
}

/** The next request repeats the conversation up to here; the mark before is at its earlier place. */
function markForCache(content: Block[]): void {
  const block = content.at(-1);
  if (block === undefined || block.type === 'thinking' || block.type === 'redacted_thinking')
    return;
  content[content.length - 1] = { ...block, cache_control: { type: 'ephemeral' } };
}
