import type { JsonObject } from '@synapse/core';
import type { HistoryWriter, WrittenHistory } from './written-history.ts';

export const chatbotUi: HistoryWriter = {
  tool: 'chatbot-ui',
  path: 'chatbot_ui_history_3-1.json',
  keeps: { many: true },
  write(histories) {
    const history = histories.map(toConversation);
    return JSON.stringify({ version: 4, history, folders: [], prompts: [] }, null, 2);
  },
};

function toConversation({ id, title, turns }: WrittenHistory): JsonObject {
  const messages = turns.flatMap(({ prompt, answer }) => [
    { role: 'user', content: prompt },
    { role: 'assistant', content: answer },
  ]);
  return { id, name: title, messages, model: { id: 'gpt-4' }, prompt: '', folderId: null };
}
