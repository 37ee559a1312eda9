import type { JsonObject } from '@synapse/core';
import { dataUrlOf, textOfInput, type HistoryWriter } from './written-history.ts';

export const continueDev: HistoryWriter = {
  tool: 'continue',
  path: 'sessions/s1.json',
  keeps: { calls: true, reasoning: true, images: true },
  write([session]) {
    const history: JsonObject[] = [];
    const add = (message: JsonObject, item: JsonObject = {}): void => {
      history.push({ message, contextItems: [], ...item });
    };
    for (const [index, turn] of (session?.turns ?? []).entries()) {
      const { prompt, image, reasoning, call, answer } = turn;
      const text = { type: 'text', text: prompt };
      const imageUrl = { url: dataUrlOf(image ?? '') };
      const content = image === null ? prompt : [text, { type: 'imageUrl', imageUrl }];
      add({ role: 'user', content });
      if (reasoning !== null) add({ role: 'thinking', content: reasoning });
      if (call) {
        const toolCallId = `call_${index}`;
        const made = { name: call.name, arguments: textOfInput(call.input) };
        const toolCalls = [{ id: toolCallId, type: 'function', function: made }];
        const output = [{ name: 'Result', description: '', content: call.output }];
        const toolCallStates = [{ toolCallId, status: 'done', output }];
        add({ role: 'assistant', content: '', toolCalls }, { toolCallStates });
      }
      add({ role: 'assistant', content: answer });
    }
    const { id: sessionId = '', title = '' } = session ?? {};
    return JSON.stringify({ sessionId, title, workspaceDirectory: '/work', history }, null, 2);
  },
};
