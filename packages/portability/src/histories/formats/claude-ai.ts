import { rawPart, splitResults, toContentParts } from '../content-blocks.ts';
import type { HistoryFormat, HistoryNode, HistoryPart } from '../history.ts';
import { beginningOf } from '../history-files.ts';
import { readJsonElements } from '../json-elements.ts';
import { asRecord, listIn, recordIn, textIn, timeIn } from '../json-values.ts';
import type { JsonObject } from '@synapse/core';
import { isMemories, readMemories } from './claude-ai-memories.ts';
import { isProjects, readProjects, tagsOfProject } from './claude-ai-projects.ts';

const BEGINNING = 64 << 10;

/** The data export of Claude.ai: `conversations.json`, `projects.json` and `memories.json`, or folders of files. */
export const claudeAi: HistoryFormat = {
  tool: 'claude-ai',

  detects: ({ path }, beginning) =>
    path.endsWith('.json') &&
    /^\uFEFF?\s*[[{]/.test(beginning) &&
    (/"chat_messages" ?: ?\[/.test(beginning) || isProjects(beginning) || isMemories(beginning)),

  async *read(file, skip) {
    const beginning = (await beginningOf(file, BEGINNING)).toString('utf8');
    if (isProjects(beginning)) {
      yield* readProjects(file, skip);
      return;
    }
    if (isMemories(beginning)) {
      yield* readMemories(file, skip);
      return;
    }
    for await (const { number, record } of readJsonElements(file, 'conversations', skip)) {
      const id = textIn(record, 'uuid');
      const messages = listIn(record, 'chat_messages').map(asRecord);
      const place = `conversation ${number}`;
      if (id === undefined) skip(place, 'has no id', true);
      else if (messages.length === 0) skip(place, 'has no messages');
      else {
        const times = [record, ...messages].map((one) => timeIn(one, 'created_at'));
        const createdAt = times.find((time) => time !== undefined) ?? new Date(0);
        const name = textIn(record, 'name') ?? '';
        const summary = textIn(record, 'summary') ?? '';
        const project = recordIn(record, 'project');
        yield {
          id,
          title: name === '' ? null : name,
          createdAt,
          provider: 'anthropic',
          tags: tagsOfProject(textIn(project, 'name') ?? ''),
          isPinned: record.is_starred === true,
          metadata: {
            ...(summary !== '' && { summary }),
            ...(Object.keys(project).length > 0 && { project }),
          },
          nodes: toNodes(messages, createdAt),
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
    const parts = toParts(message);
    // An answer holds its results, too.
    const pieces: Pick<HistoryNode, 'role' | 'parts'>[] = isAnswer
      ? splitResults('assistant', parts)
      : [{ role: 'user', parts }];
    for (const [index, piece] of pieces.entries()) {
      const node: HistoryNode = {
        ...{ id: String(nodes.length), parentId: last?.id ?? null, ...piece },
        ...{ key: `${id} ${index}`, createdAt: time },
        ...(piece.role === 'assistant' && { provider: 'anthropic' }),
      };
      nodes.push(node);
      last = node;
    }
    if (last) lastOf.set(id, last);
  }
  return nodes;
}

function toParts(message: JsonObject): HistoryPart[] {
  const blocks = withIds(listIn(message, 'content').map(asRecord), textIn(message, 'uuid') ?? '');
  const names = new Map(
    blocks.flatMap((block) => {
      const id = textIn(block, 'id') ?? textIn(block, 'tool_use_id');
      const name = textIn(block, 'name');
      return id === undefined || name === undefined ? [] : [[id, name]];
    }),
  );
  const parts = blocks.flatMap((block) => toBlockParts(block, (id) => names.get(id) ?? ''));
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

function toBlockParts(block: JsonObject, nameOfCall: (id: string) => string): HistoryPart[] {
  const type = textIn(block, 'type');
  const text = textIn(block, 'text');
  const citations = listIn(block, 'citations');
  if (type === 'voice_note' && text !== undefined) return [{ type: 'text', text }];
  if (type !== 'text' || text === undefined || citations.length === 0) {
    return toContentParts([block], nameOfCall);
  }
  return [{ type: 'text', text }, rawPart('citations', citations)];
}

/** Most calls have no id: a result follows its call. */
function withIds(blocks: readonly JsonObject[], messageId: string): JsonObject[] {
  let last = '';
  return blocks.map((block, index) => {
    const type = textIn(block, 'type');
    if (type === 'tool_use') {
      last = textIn(block, 'id') ?? `call_${messageId}_${index}`;
      return { ...block, id: last };
    }
    if (type !== 'tool_result') return block;
    return { ...block, tool_use_id: textIn(block, 'tool_use_id') ?? last };
  });
}
