import type { JsonObject } from '@synapse/core';
import type { HistoryWriter, WrittenHistory } from './written-history.ts';

export const claudeAi: HistoryWriter = {
  tool: 'claude-ai',
  path: 'conversations.json',
  keeps: { many: true, branches: true, calls: true, reasoning: true },
  write: (histories) => JSON.stringify(histories.map(toConversation)),
};

function toConversation({ id, title, turns, leftAnswer }: WrittenHistory): JsonObject {
  const chat_messages: JsonObject[] = [];
  let parent_message_uuid: string | null = null;
  const add = (at: number, sender: string, ...content: JsonObject[]): void => {
    const uuid = `${id}-${chat_messages.length}`;
    const created_at = new Date(at).toISOString();
    chat_messages.push({ uuid, parent_message_uuid, sender, text: '', content, created_at });
    parent_message_uuid = uuid;
  };
  const text = (value: string): JsonObject => ({ type: 'text', text: value });
  for (const [index, { at, prompt, reasoning, call, answer }] of turns.entries()) {
    add(at, 'human', text(prompt));
    const asked: string | null = parent_message_uuid;
    if (leftAnswer !== null && index === turns.length - 1) {
      add(at + 1, 'assistant', text(leftAnswer));
      parent_message_uuid = asked;
    }
    const content: JsonObject[] = [];
    if (reasoning !== null) content.push({ type: 'thinking', thinking: reasoning });
    if (call) {
      const { name, input, output } = call;
      content.push({ type: 'tool_use', id: null, name, input });
      content.push({ type: 'tool_result', tool_use_id: null, content: [text(output)] });
    }
    add(at + 2, 'assistant', ...content, text(answer));
  }
  const created_at = new Date(turns[0]?.at ?? 0).toISOString();
  return { uuid: id, name: title, created_at, chat_messages };
}
