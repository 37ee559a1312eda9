import type { JsonObject } from '@synapse/core';
import {
  dataUrlOf,
  textOfInput,
  type HistoryWriter,
  type WrittenHistory,
} from './written-history.ts';

export const openai: HistoryWriter = {
  tool: 'openai',
  path: 'train.jsonl',
  keeps: { many: true, calls: true, reasoning: true, images: true },
  write: (histories) => histories.map((one) => `${JSON.stringify(toLine(one))}\n`).join(''),
};

function toLine({ turns }: WrittenHistory): JsonObject {
  const messages: JsonObject[] = [{ role: 'system', content: 'Be short.' }];
  for (const [index, { prompt, image, reasoning, call, answer }] of turns.entries()) {
    const text = { type: 'text', text: prompt };
    const image_url = { url: dataUrlOf(image ?? '') };
    const content = image === null ? prompt : [text, { type: 'image_url', image_url }];
    messages.push({ role: 'user', content });
    const thought = reasoning === null ? {} : { reasoning_content: reasoning };
    if (call) {
      const id = `call_${index}`;
      const made = { name: call.name, arguments: textOfInput(call.input) };
      const tool_calls = [{ id, type: 'function', function: made }];
      messages.push({ role: 'assistant', content: null, ...thought, tool_calls });
      messages.push({ role: 'tool', tool_call_id: id, content: call.output });
    }
    messages.push({ role: 'assistant', content: answer, ...(!call && thought) });
  }
  return { messages };
}
