import type { JsonObject } from '@synapse/core';
import { imageBlock, outputOf, type HistoryWriter } from './written-history.ts';

export const claudeCode: HistoryWriter = {
  tool: 'claude-code',
  path: 'projects/-work/session.jsonl',
  keeps: { branches: true, calls: true, reasoning: true, images: true, resultImages: true },
  write([history]) {
    const lines: JsonObject[] = [];
    const { id: sessionId = '', turns = [], leftAnswer = null, title = '' } = history ?? {};
    let parentUuid: string | null = null;
    const add = (at: number, type: 'user' | 'assistant', message: JsonObject): void => {
      const uuid = `${sessionId}-${lines.length}`;
      const timestamp = new Date(at).toISOString();
      const version = '2.1.197';
      lines.push({ type, uuid, parentUuid, sessionId, timestamp, cwd: '/work', version, message });
      parentUuid = uuid;
    };
    for (const [index, { at, prompt, image, reasoning, call, answer }] of turns.entries()) {
      const text = { type: 'text', text: prompt };
      const content = image === null ? prompt : [text, imageBlock(image)];
      add(at, 'user', { role: 'user', content });
      const beforeAnswer: string | null = parentUuid;
      const reply = (id: string, ...content: JsonObject[]): void => {
        const usage = { input_tokens: 10, output_tokens: 5 };
        for (const block of content) {
          add(at + 1, 'assistant', {
            ...{ id: `${sessionId} ${index} ${id}`, role: 'assistant', model: 'claude-opus-5' },
            ...{ content: [block], usage },
          });
        }
      };
      if (leftAnswer !== null && index === turns.length - 1) {
        reply('left', { type: 'text', text: leftAnswer });
        parentUuid = beforeAnswer;
      }
      const thinking = reasoning === null ? [] : [{ type: 'thinking', thinking: reasoning }];
      if (call) {
        const id = `toolu_${index}`;
        reply('call', ...thinking, { type: 'tool_use', id, name: call.name, input: call.input });
        const content = [{ type: 'tool_result', tool_use_id: id, content: outputOf(call) }];
        add(at + 2, 'user', { role: 'user', content });
      } else if (thinking.length > 0) reply('answer', ...thinking);
      reply('answer', { type: 'text', text: answer });
    }
    lines.push({ type: 'ai-title', aiTitle: title, sessionId });
    return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  },
};
