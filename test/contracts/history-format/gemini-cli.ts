import type { JsonObject } from '@synapse/core';
import type { HistoryWriter, WrittenHistory } from './written-history.ts';

/** The log of operations; messages with calls are written twice. */
export const geminiCli: HistoryWriter = {
  tool: 'gemini-cli',
  path: 'tmp/work/chats/session-2026-03-01T10-00-s1.jsonl',
  keeps: { branches: true, calls: true, reasoning: true, images: true, resultImages: true },
  write: ([history]) =>
    history
      ? recordsOf(history)
          .map((record) => `${JSON.stringify(record)}\n`)
          .join('')
      : '',
};

/** The document of older versions, which has no branches. */
export const geminiCliDocument: HistoryWriter = {
  tool: 'gemini-cli',
  path: 'tmp/0a1b/chats/session-2026-03-01T10-00-s1.json',
  keeps: { calls: true, reasoning: true, images: true, resultImages: true },
  write([history]) {
    if (!history) return '';
    const [head, ...records] = recordsOf({ ...history, leftAnswer: null });
    const messages = new Map(records.map((record) => [record.id, record]));
    return JSON.stringify({ ...head, messages: [...messages.values()] }, null, 2);
  },
};

function recordsOf({ id: sessionId, turns, leftAnswer }: WrittenHistory): JsonObject[] {
  const startTime = new Date(turns[0]?.at ?? 0).toISOString();
  const records: JsonObject[] = [{ sessionId, projectHash: '0a1b', startTime }];
  const add = (at: number, id: string, message: JsonObject): void => {
    records.push({ id, timestamp: new Date(at).toISOString(), ...message });
  };
  for (const [index, { at, prompt, image, reasoning, call, answer }] of turns.entries()) {
    const content = [{ text: prompt }, ...inline(image)];
    add(at, `u${index}`, { type: 'user', content });
    const model = { type: 'gemini', model: 'gemini-2.5-pro' };
    if (leftAnswer !== null && index === turns.length - 1) {
      add(at + 1, 'left', { ...model, content: leftAnswer });
      records.push({ $rewindTo: 'left' });
    }
    const thoughts = reasoning === null ? [] : [{ subject: '', description: reasoning }];
    if (call) {
      const { name, input: args, output } = call;
      const id = `call_${index}`;
      const functionResponse = { id, name, response: { output } };
      const result = [{ functionResponse }, ...inline(call.image)];
      const toolCalls = [{ id, name, args, result, status: 'success' }];
      add(at + 2, `c${index}`, { ...model, content: '', thoughts });
      add(at + 2, `c${index}`, { ...model, content: '', thoughts, toolCalls });
      add(at + 3, `r${index}`, { type: 'user', content: result });
    }
    add(at + 4, `a${index}`, { ...model, content: answer, ...(!call && { thoughts }) });
  }
  return records;
}

function inline(data: string | null): JsonObject[] {
  return data === null ? [] : [{ inlineData: { mimeType: 'image/png', data } }];
}
