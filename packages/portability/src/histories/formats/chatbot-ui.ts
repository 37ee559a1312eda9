import type { JsonObject } from '@synapse/core';
import { rawPart } from '../content-blocks.ts';
import type { HistoryFormat, HistoryPart } from '../history.ts';
import { readJsonElements } from '../json-elements.ts';
import { asRecord, idIn, listIn, recordIn, textIn, without } from '../json-values.ts';
import { toNodes, type TreeMessage } from '../message-tree.ts';

/** The export of Chatbot UI before its version 2: the conversations of a browser. */
export const chatbotUi: HistoryFormat = {
  tool: 'chatbot-ui',

  detects: ({ path }, beginning) =>
    path.endsWith('.json') &&
    /^\uFEFF?\s*(\[|\{\s*("version" ?: ?\d+,\s*)?"history" ?: ?\[)\s*\{\s*"id" ?:/.test(
      beginning,
    ) &&
    /"name" ?:/.test(beginning) &&
    /"messages" ?: ?\[\s*\{\s*"role" ?:/.test(beginning),

  async *read(file, skip) {
    for await (const { number, record } of readJsonElements(file, 'history', skip)) {
      const place = `conversation ${number}`;
      const id = idIn(record, 'id');
      const messages: TreeMessage[] = [];
      for (const [index, value] of listIn(record, 'messages').entries()) {
        const message = toMessage(asRecord(value), textIn(recordIn(record, 'model'), 'id'));
        if (message) messages.push(message);
        else skip(`${place}, message ${index + 1}`, 'has no known role', true);
      }
      if (id === undefined) skip(place, 'has no id', true);
      else if (messages.length === 0) skip(place, 'has no messages');
      else {
        const createdAt = new Date(0);
        yield {
          ...{ id, createdAt, nodes: toNodes(messages, createdAt).nodes },
          title: textIn(record, 'name') ?? null,
          model: textIn(recordIn(record, 'model'), 'id'),
          systemPrompt: textIn(record, 'prompt'),
          metadata: without(record, 'id', 'name', 'messages', 'model', 'prompt'),
        };
      }
    }
  },
};

function toMessage(message: JsonObject, model: string | undefined): TreeMessage | null {
  const role = textIn(message, 'role');
  const content = textIn(message, 'content');
  const parts: HistoryPart[] =
    content === undefined ? [rawPart('content', message.content ?? null)] : [];
  if (content)
    parts.push({
      type: 'text',
      text: content,
      ...(role === 'system' && { isInjected: true as const }),
    });
  if (role === 'assistant') return { role, parts, model };
  return role === 'user' || role === 'system' ? { role: 'user', parts } : null;
}
