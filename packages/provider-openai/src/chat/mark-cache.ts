import type { OpenAI } from 'openai';

type ChatMessage = OpenAI.Chat.ChatCompletionMessageParam;

const KEPT = { cache_control: { type: 'ephemeral' } } as const;

/**
 * Marks for a router what Claude should cache: the instructions, everything up to the last answer,
 * and the whole request. Without marks, it caches nothing.
 */
export function markCache(messages: readonly ChatMessage[]): ChatMessage[] {
  const roles = messages.map(({ role }) => role);
  const beforeAnswer = roles.lastIndexOf('assistant') - 1;
  const marked = new Set([0, beforeAnswer, messages.length - 1]);
  return messages.map((message, index) => (marked.has(index) ? mark(message) : message));
}

function mark(message: ChatMessage): ChatMessage {
  const { role, content } = message;
  if (role === 'assistant' || role === 'function' || !content) return message;
  const parts = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
  const last = parts.length - 1;
  const marked = parts.map((part, index) => (index === last ? { ...part, ...KEPT } : part));
  return { ...message, content: marked } as ChatMessage;
}
