import type { JsonObject } from '@synapse/core';
import {
  imageBlock,
  outputOf,
  type HistoryWriter,
  type WrittenHistory,
} from './written-history.ts';

const keeps = { calls: true, reasoning: true, images: true, resultImages: true };

function taskWriter(tool: string, folder: string): HistoryWriter {
  const path = `${folder}/tasks/1772359200000/api_conversation_history.json`;
  return { tool, path, keeps, write: ([history]) => JSON.stringify(messagesOf(history)) };
}

export const cline = taskWriter('cline', 'saoudrizwan.claude-dev');
export const rooCode = taskWriter('roo-code', 'rooveterinaryinc.roo-cline');
export const kiloCode = taskWriter('kilo-code', 'kilocode.kilo-code');

/** A session of the newer Cline, whose messages have ids. */
export const clineSession: HistoryWriter = {
  tool: 'cline',
  path: 'sessions/1772359200000_ab/1772359200000_ab.messages.json',
  keeps,
  write([history]) {
    const messages = messagesOf(history).map((message, index) => ({ id: `m${index}`, ...message }));
    return JSON.stringify({ version: 1, agent: 'lead', sessionId: history?.id, messages });
  },
};

function messagesOf(history: WrittenHistory | undefined): JsonObject[] {
  const messages: JsonObject[] = [];
  const add = (ts: number, role: string, ...content: JsonObject[]): void => {
    messages.push({ role, ts, content });
  };
  const text = (value: string): JsonObject => ({ type: 'text', text: value });
  for (const [index, turn] of (history?.turns ?? []).entries()) {
    const { at, prompt, image, reasoning, call, answer } = turn;
    add(at, 'user', text(prompt), ...(image === null ? [] : [imageBlock(image)]));
    const thinking = reasoning === null ? [] : [{ type: 'thinking', thinking: reasoning }];
    if (call) {
      const id = `toolu_${index}`;
      const used = { type: 'tool_use', id, name: call.name, input: call.input };
      add(at + 1, 'assistant', ...thinking, used);
      add(at + 2, 'user', { type: 'tool_result', tool_use_id: id, content: outputOf(call) });
    }
    add(at + 3, 'assistant', ...(call ? [] : thinking), text(answer));
  }
  return messages;
}
