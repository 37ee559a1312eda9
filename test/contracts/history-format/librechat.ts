import type { JsonObject } from '@synapse/core';
import { textOfInput, type HistoryWriter } from './written-history.ts';

export const librechat: HistoryWriter = {
  tool: 'librechat',
  path: 'a_conversation.json',
  keeps: { branches: true, calls: true, reasoning: true },
  write([history]) {
    const { id: conversationId = '', title = '', turns = [], leftAnswer = null } = history ?? {};
    const messages: JsonObject[] = [];
    let siblings = messages;
    let parentMessageId = '00000000-0000-0000-0000-000000000000';
    let count = 0;
    const add = (at: number, isCreatedByUser: boolean, more: JsonObject): void => {
      const messageId = `${conversationId} ${count++}`;
      const children: JsonObject[] = [];
      const createdAt = new Date(at).toISOString();
      const about = { messageId, parentMessageId, conversationId, createdAt, isCreatedByUser };
      siblings.push({ ...about, text: '', error: false, unfinished: false, ...more, children });
      siblings = children;
      parentMessageId = messageId;
    };
    for (const [index, { at, prompt, reasoning, call, answer }] of turns.entries()) {
      add(at, true, { text: prompt, sender: 'User' });
      const [asked, answers] = [parentMessageId, siblings];
      if (leftAnswer !== null && index === turns.length - 1) {
        add(at + 1, false, { text: leftAnswer, sender: 'GPT-4', model: 'gpt-4o' });
        [parentMessageId, siblings] = [asked, answers];
      }
      const content: JsonObject[] = [];
      if (reasoning !== null) content.push({ type: 'think', think: reasoning });
      if (call) {
        const { name, output } = call;
        const tool_call = { id: `call_${index}`, name, args: textOfInput(call.input), output };
        content.push({ type: 'tool_call', tool_call });
      }
      content.push({ type: 'text', text: answer });
      add(at + 2, false, { content, sender: 'GPT-4', model: 'gpt-4o' });
    }
    const options = { model: 'gpt-4o' };
    const about = { conversationId, endpoint: 'openAI', title, branches: true, recursive: true };
    return JSON.stringify({ ...about, options, messages }, null, 2);
  },
};
