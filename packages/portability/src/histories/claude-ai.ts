import { toContentParts, rawPart } from './content-blocks.ts';
import type { HistoryFormat, HistoryNode, HistoryPart } from './history.ts';
import { readJsonElements } from './json-elements.ts';
import { asRecord, listIn, textIn, timeIn } from './json-values.ts';
import type { JsonObject } from '@synapse/core';

/** The data export of Claude.ai: `conversations.json`. */
export const claudeAi: HistoryFormat = {
  tool: 'claude-ai',

  detects: ({ path }, beginning) =>
    path.endsWith('.json') &&
    /^\uFEFF?\s*[[{]/.test(beginning) &&
    /"chat_messages" ?: ?\[/.test(beginning),

  async *read(file, skip) {
    for await (const { number, record } of readJsonElements(file, 'conversations', skip)) {
      const id = textIn(record, 'uuid');
      const messages = listIn(record, 'chat_messages').map(asRecord);
      const place = `conversation ${number}`;
      if (id === undefined) skip(place, 'has no id', true);
      else if (messages.length === 0) skip(place, 'has no messages');
      else {
        const createdAt = timeIn(record, 'created_at') ?? new Date(0);
        const nodes = toNodes(messages, createdAt);
        yield {
          id,
          title: textIn(record, 'name') ?? null,
          createdAt,
          provider: 'anthropic',
          nodes,
        };
      }
    }
  },
};

function toNodes(messages: readonly JsonObject[], createdAt: Date): HistoryNode[] {
  const nodes: HistoryNode[] = [];
  const lastOf = new Map<string, HistoryNode>();
  for (const message of messages) {
    const id = textIn(message, 'uuid') ?? String(nodes.length);
    const named = textIn(message, 'parent_message_uuid');
    // Older exports have no parents, and list one path.
    let last = named === undefined ? nodes.at(-1) : lastOf.get(named);
    const time = timeIn(message, 'created_at') ?? last?.createdAt ?? createdAt;
    const isAnswer = textIn(message, 'sender') === 'assistant';
    for (const [index, { role, parts }] of split(toParts(message), isAnswer).entries()) {
      const node: HistoryNode = {
        ...{ id: String(nodes.length), parentId: last?.id ?? null, role, parts },
        ...{ key: `${id} ${index}`, createdAt: time },
        ...(role === 'assistant' && { provider: 'anthropic' }),
      };
      nodes.push(node);
      last = node;
    }
    if (last) lastOf.set(id, last);
  }
  return nodes;
}

/** An answer holds its results, too; each goes into a message of its own. */
function split(parts: HistoryPart[], isAnswer: boolean): Pick<HistoryNode, 'role' | 'parts'>[] {
  if (!isAnswer) return [{ role: 'user', parts }];
  const messages: Pick<HistoryNode, 'role' | 'parts'>[] = [];
  for (const part of parts) {
    const role = part.type === 'tool-result' ? 'tool' : 'assistant';
    const last = messages.at(-1);
    if (last?.role === role) last.parts.push(part);
    else messages.push({ role, parts: [part] });
  }
  return messages.length > 0 ? messages : [{ role: 'assistant', parts: [] }];
}

function toParts(message: JsonObject): HistoryPart[] {
  const blocks = listIn(message, 'content').map((block) => asRecord(block));
  const parts = blocks.length > 0 ? toContentParts(withIds(blocks)) : [];
  const text = textIn(message, 'text');
  if (blocks.length === 0 && text) parts.push({ type: 'text', text });
  for (const attachment of listIn(message, 'attachments').map(asRecord)) {
    const content = textIn(attachment, 'extracted_content');
    if (content === undefined) parts.push(rawPart('attachment', attachment));
    else {
      const name = textIn(attachment, 'file_name') ?? null;
      parts.push({ type: 'file', mediaType: 'text/plain', name, bytes: Buffer.from(content) });
    }
  }
  for (const file of listIn(message, 'files')) parts.push(rawPart('file', file));
  return parts;
}

/** Most calls have no id: a result follows its call. */
function withIds(blocks: readonly JsonObject[]): JsonObject[] {
  let count = 0;
  return blocks.map((block) => {
    const type = textIn(block, 'type');
    if (type === 'tool_use' && textIn(block, 'id') === undefined) {
      count += 1;
      return { ...block, id: `call_${count}` };
    }
    if (type === 'tool_result' && textIn(block, 'tool_use_id') === undefined) {
      return { ...block, tool_use_id: `call_${count}` };
    }
    return block;
  });
}
