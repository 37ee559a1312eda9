import type { JsonObject } from '@synapse/core';
import { dataUrlOf, type HistoryWriter } from './written-history.ts';

export const atif: HistoryWriter = {
  tool: 'atif',
  path: 'trajectory.json',
  keeps: { calls: true, reasoning: true, images: true },
  write([history]) {
    const { id: session_id = '', turns = [] } = history ?? {};
    const steps: JsonObject[] = [];
    const add = (at: number, source: string, step: JsonObject): void => {
      const timestamp = new Date(at).toISOString();
      steps.push({ step_id: steps.length + 1, timestamp, source, ...step });
    };
    for (const [index, { at, prompt, image, reasoning, call, answer }] of turns.entries()) {
      add(at, 'user', { message: image === null ? prompt : withImage(prompt, image) });
      const thought = reasoning === null ? {} : { reasoning_content: reasoning };
      if (call) {
        const tool_call_id = `call_${index}`;
        const made = { tool_call_id, function_name: call.name, arguments: call.input };
        const results = [{ source_call_id: tool_call_id, content: call.output }];
        const used = { tool_calls: [made], observation: { results } };
        add(at + 1, 'agent', { message: '', ...thought, ...used });
      }
      add(at + 2, 'agent', { message: answer, ...(!call && thought) });
    }
    const agent = { name: 'another', version: '1.0', model_name: 'gpt-5' };
    return JSON.stringify({ schema_version: 'ATIF-v1.6', session_id, agent, steps }, null, 2);
  },
};

function withImage(text: string, image: string): JsonObject[] {
  const source = { media_type: 'image/png', path: dataUrlOf(image) };
  return [
    { type: 'text', text },
    { type: 'image', source },
  ];
}
