import type { JsonObject } from '@synapse/core';
import { dataUrlOf, type HistoryWriter } from './written-history.ts';

export const aichat: HistoryWriter = {
  tool: 'aichat',
  path: 'sessions/_/20260301T100000-work.yaml',
  keeps: { calls: true, images: true },
  write([history]) {
    const messages: JsonObject[] = [];
    for (const [index, { prompt, image, call, answer }] of (history?.turns ?? []).entries()) {
      messages.push({ role: 'user', content: image === null ? prompt : withImage(prompt, image) });
      if (call) {
        const made = { name: call.name, arguments: call.input, id: `call_${index}` };
        const tool_results = [{ call: made, output: call.output }];
        messages.push({ role: 'tool', content: { tool_results, text: '', sequence: false } });
      }
      messages.push({ role: 'assistant', content: answer });
    }
    // JSON is YAML, too.
    const lines = messages.map((message) => `- ${JSON.stringify(message)}\n`);
    return `model: openai:gpt-4o\nmessages:\n${lines.join('')}`;
  },
};

function withImage(text: string, image: string): JsonObject[] {
  return [
    { type: 'text', text },
    { type: 'image_url', image_url: { url: dataUrlOf(image) } },
  ];
}
