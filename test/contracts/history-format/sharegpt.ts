import type { JsonObject } from '@synapse/core';
import type { HistoryWriter, WrittenHistory } from './written-history.ts';

export const sharegpt: HistoryWriter = {
  tool: 'sharegpt',
  path: 'dataset.json',
  keeps: { many: true, calls: true, reasoning: true },
  write: (histories) => JSON.stringify(histories.map(toConversation), null, 2),
};

function toConversation({ id, turns }: WrittenHistory): JsonObject {
  const conversations: JsonObject[] = [];
  const add = (from: string, value: string): void => void conversations.push({ from, value });
  for (const { prompt, reasoning, call, answer } of turns) {
    add('human', prompt);
    const thought = reasoning === null ? '' : `<think>\n${reasoning}\n</think>\n\n`;
    if (call) {
      add('function_call', thought + JSON.stringify({ name: call.name, arguments: call.input }));
      add('observation', call.output);
    }
    add('gpt', call ? answer : thought + answer);
  }
  return { id, conversations };
}
