import type { JsonObject } from '@synapse/core';
import type { HistoryWriter } from './written-history.ts';

export const aichat: HistoryWriter = {
  tool: 'aichat',
  path: 'sessions/_/20260301T100000-work.yaml',
  keeps: { calls: true },
  write([history]) {
    const messages: JsonObject[] = [];
    for (const [index, { prompt, call, answer }] of (history?.turns ?? []).entries()) {
      messages.push({ role: 'user', content: prompt });
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
