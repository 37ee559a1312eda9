import type { JsonObject } from '@synapse/core';
import type { HistoryWriter } from './written-history.ts';

export const pi: HistoryWriter = {
  tool: 'pi',
  path: 'sessions/--work--/2026-03-01_s1.jsonl',
  keeps: { branches: true, calls: true, reasoning: true, images: true, resultImages: true },
  write([history]) {
    const { id: sessionId = '', turns = [], leftAnswer = null } = history ?? {};
    const time = (at: number): string => new Date(at).toISOString();
    const head = { type: 'session', version: 3, id: sessionId, timestamp: time(turns[0]?.at ?? 0) };
    const lines: JsonObject[] = [{ ...head, cwd: '/work' }];
    let parentId: string | null = null;
    const add = (at: number, message: JsonObject): void => {
      const id = `e${lines.length}`;
      const timestamp = time(at);
      lines.push({
        type: 'message',
        id,
        parentId,
        timestamp,
        message: { ...message, timestamp: at },
      });
      parentId = id;
    };
    const answerOf = (...content: JsonObject[]): JsonObject => ({
      ...{ role: 'assistant', provider: 'anthropic', model: 'claude-opus-5', content },
    });
    const text = (value: string): JsonObject => ({ type: 'text', text: value });
    for (const [index, { at, prompt, image, reasoning, call, answer }] of turns.entries()) {
      const content = image === null ? prompt : [text(prompt), ...blocksOf(image)];
      add(at, { role: 'user', content });
      const asked: string | null = parentId;
      if (leftAnswer !== null && index === turns.length - 1) {
        add(at + 1, answerOf(text(leftAnswer)));
        parentId = asked;
      }
      const thinking = reasoning === null ? [] : [{ type: 'thinking', thinking: reasoning }];
      if (call) {
        const { name, input, output } = call;
        const id = `call_${index}`;
        add(at + 2, answerOf(...thinking, { type: 'toolCall', id, name, arguments: input }));
        const result = { role: 'toolResult', toolCallId: id, toolName: name };
        add(at + 3, {
          ...result,
          content: [text(output), ...blocksOf(call.image)],
          isError: false,
        });
      }
      add(at + 4, answerOf(...(call ? [] : thinking), text(answer)));
    }
    return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  },
};

function blocksOf(data: string | null): JsonObject[] {
  return data === null ? [] : [{ type: 'image', data, mimeType: 'image/png' }];
}
