import type { JsonObject } from '@synapse/core';
import type { HistoryWriter } from './written-history.ts';

export const codex: HistoryWriter = {
  tool: 'codex',
  path: 'sessions/2026/03/01/rollout-2026-03-01.jsonl',
  keeps: { calls: true, reasoning: true },
  write([history]) {
    const lines: JsonObject[] = [];
    const { id = '', turns = [] } = history ?? {};
    const add = (at: number, type: string, payload: JsonObject): void => {
      lines.push({ timestamp: new Date(at).toISOString(), type, payload });
    };
    const message = (role: string, type: string, text: string): JsonObject => ({
      ...{ type: 'message', role },
      content: [{ type, text }],
    });
    const start = turns[0]?.at ?? 0;
    add(start, 'session_meta', { id, timestamp: new Date(start).toISOString(), cwd: '/work' });
    for (const [index, { at, prompt, reasoning, call, answer }] of turns.entries()) {
      add(at, 'turn_context', { model: 'gpt-5', cwd: '/work' });
      add(at, 'response_item', message('user', 'input_text', prompt));
      add(at, 'event_msg', { type: 'user_message', message: prompt });
      if (reasoning !== null) {
        const summary = [{ type: 'summary_text', text: reasoning }];
        add(at + 1, 'response_item', { type: 'reasoning', summary });
      }
      if (call) {
        const call_id = `call_${index}`;
        const { name, output } = call;
        const input = JSON.stringify(call.input);
        add(at + 1, 'response_item', { type: 'function_call', name, arguments: input, call_id });
        add(at + 2, 'response_item', { type: 'function_call_output', call_id, output });
      }
      add(at + 3, 'response_item', message('assistant', 'output_text', answer));
      add(at + 3, 'event_msg', { type: 'task_complete' });
    }
    return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  },
};
