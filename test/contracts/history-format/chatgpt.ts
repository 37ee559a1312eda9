import type { JsonObject } from '@synapse/core';
import { textOfInput, type HistoryWriter, type WrittenHistory } from './written-history.ts';

export const chatgpt: HistoryWriter = {
  tool: 'chatgpt',
  path: 'conversations.json',
  keeps: { many: true, branches: true, calls: true, reasoning: true, inputField: 'input' },
  write: (histories) => `\uFEFF${JSON.stringify(histories.map(toConversation))}`,
};

function toConversation({ id, title, turns, leftAnswer }: WrittenHistory): JsonObject {
  const mapping: Record<string, JsonObject & { children: string[] }> = {
    root: { id: 'root', parent: null, children: [], message: null },
  };
  let last = 'root';
  const add = (at: number, role: string, content: JsonObject, more: JsonObject = {}): void => {
    const node = `${id} ${Object.keys(mapping).length}`;
    const author = { role, name: role === 'tool' ? (more.recipient ?? null) : null };
    const message = {
      id: node,
      author,
      create_time: at / 1000,
      content,
      recipient: 'all',
      ...more,
    };
    if (role === 'tool') message.recipient = 'all';
    mapping[node] = { id: node, parent: last, children: [], message };
    mapping[last]?.children.push(node);
    last = node;
  };
  const text = (value: string): JsonObject => ({ content_type: 'text', parts: [value] });
  for (const [index, { at, prompt, reasoning, call, answer }] of turns.entries()) {
    add(at, 'user', text(prompt));
    const asked = last;
    if (leftAnswer !== null && index === turns.length - 1) {
      add(at + 1, 'assistant', text(leftAnswer));
      last = asked;
    }
    if (reasoning !== null) {
      const thoughts = [{ summary: '', content: reasoning }];
      add(at + 1, 'assistant', { content_type: 'thoughts', thoughts });
    }
    if (call) {
      const input = textOfInput(call.input);
      const recipient = call.name;
      add(at + 2, 'assistant', { content_type: 'code', text: input }, { recipient });
      add(at + 3, 'tool', { content_type: 'execution_output', text: call.output }, { recipient });
    }
    add(at + 4, 'assistant', text(answer), { metadata: { model_slug: 'gpt-5' } });
  }
  const create_time = (turns[0]?.at ?? 0) / 1000;
  return { conversation_id: id, id, title, create_time, current_node: last, mapping };
}
