import type { JsonObject } from '@synapse/core';
import {
  dataUrlOf,
  textOfInput,
  type HistoryWriter,
  type WrittenHistory,
  type WrittenTurn,
} from './written-history.ts';

export const openWebui: HistoryWriter = {
  tool: 'open-webui',
  path: 'chat-export-1772000000000.json',
  keeps: { many: true, branches: true, calls: true, reasoning: true, images: true },
  write: (histories) => JSON.stringify(histories.map(toChat)),
};

function toChat({ id, title, turns, leftAnswer }: WrittenHistory): JsonObject {
  const messages: Record<string, JsonObject> = {};
  let parentId: string | null = null;
  const add = (at: number, role: string, more: JsonObject): void => {
    const own = `${id} ${Object.keys(messages).length}`;
    const about = { id: own, parentId, childrenIds: [], role, timestamp: at / 1000 };
    messages[own] = {
      ...about,
      ...(role === 'assistant' && { model: 'llama', done: true }),
      ...more,
    };
    parentId = own;
  };
  for (const [index, turn] of turns.entries()) {
    const url = turn.image === null ? null : dataUrlOf(turn.image);
    const files = url === null ? {} : { files: [{ type: 'image', url }] };
    add(turn.at, 'user', { content: turn.prompt, ...files });
    const asked: string | null = parentId;
    if (leftAnswer !== null && index === turns.length - 1) {
      add(turn.at + 1, 'assistant', { content: leftAnswer });
      parentId = asked;
    }
    // Older versions have the HTML alone.
    const output = index % 2 === 0 ? { output: toItems(turn, index) } : {};
    add(turn.at + 2, 'assistant', { content: toHtml(turn, index), ...output });
  }
  const chat = { title, models: ['llama'], history: { messages, currentId: parentId } };
  return { id, title, chat, created_at: (turns[0]?.at ?? 0) / 1000, archived: false };
}

function toItems({ reasoning, call, answer }: WrittenTurn, index: number): JsonObject[] {
  const items: JsonObject[] = [];
  const text = (value: string): JsonObject[] => [{ type: 'output_text', text: value }];
  if (reasoning !== null)
    items.push({ type: 'reasoning', content: text(reasoning), summary: null });
  if (call) {
    const call_id = `call_${index}`;
    const { name, output } = call;
    items.push({ type: 'function_call', call_id, name, arguments: textOfInput(call.input) });
    const content = [{ type: 'input_text', text: output }];
    items.push({ type: 'function_call_output', call_id, output: content });
  }
  return [...items, { type: 'message', role: 'assistant', content: text(answer) }];
}

function toHtml({ reasoning, call, answer }: WrittenTurn, index: number): string {
  const thought =
    reasoning === null
      ? ''
      : `<details type="reasoning" done="true" duration="3">\n<summary>Thought for 3 seconds</summary>\n&gt; ${escaped(reasoning)}\n</details>\n`;
  if (!call) return thought + answer;
  const given = escaped(JSON.stringify(textOfInput(call.input)));
  const result = escaped(JSON.stringify(call.output));
  const attributes = `done="true" id="call_${index}" name="${call.name}" arguments="${given}"`;
  const used = `<details type="tool_calls" ${attributes} result="${result}" files="">\n<summary>Tool Executed</summary>\n</details>\n`;
  return thought + used + answer;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;');
}
