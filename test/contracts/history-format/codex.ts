import type { JsonObject } from '@synapse/core';
import { dataUrlOf, type HistoryWriter } from './written-history.ts';

export const codex: HistoryWriter = {
  tool: 'codex',
  path: 'sessions/2026/03/01/rollout-2026-03-01.jsonl',
  keeps: { calls: true, reasoning: true, images: true, resultImages: true },
  write([history]) {
    const lines: JsonObject[] = [];
    const { id = '', turns = [] } = history ?? {};
    const add = (at: number, type: string, payload: JsonObject): void => {
      lines.push({ timestamp: new Date(at).toISOString(), type, payload });
    };
    const message = (role: string, ...content: JsonObject[]): JsonObject => ({
      ...{ type: 'message', role, content },
    });
    const text = (type: string, value: string): JsonObject => ({ type, text: value });
    const start = turns[0]?.at ?? 0;
    add(start, 'session_meta', { id, timestamp: new Date(start).toISOString(), cwd: '/work' });
    for (const [index, { at, prompt, image, reasoning, call, answer }] of turns.entries()) {
      const shown = image === null ? [] : [{ type: 'input_image', image_url: dataUrlOf(image) }];
      add(at, 'turn_context', { model: 'gpt-5', cwd: '/work' });
      add(at, 'response_item', message('user', text('input_text', prompt), ...shown));
      add(at, 'event_msg', { type: 'user_message', message: prompt });
      if (reasoning !== null) {
        const summary = [{ type: 'summary_text', text: reasoning }];
        add(at + 1, 'response_item', { type: 'reasoning', summary });
      }
      if (call) {
        const call_id = `call_${index}`;
        const { name } = call;
        const returned = [
          { type: 'input_text', text: call.output },
          { type: 'input_image', image_url: dataUrlOf(call.image ?? '') },
        ];
        const output = call.image === null ? call.output : returned;
        const input = JSON.stringify(call.input);
        add(at + 1, 'response_item', { type: 'function_call', name, arguments: input, call_id });
        add(at + 2, 'response_item', { type: 'function_call_output', call_id, output });
      }
      add(at + 3, 'response_item', message('assistant', text('output_text', answer)));
      add(at + 3, 'event_msg', { type: 'task_complete' });
    }
    return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  },
};
