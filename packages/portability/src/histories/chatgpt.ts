import type { JsonObject } from '@synapse/core';
import { rawPart } from './content-blocks.ts';
import type { History, HistoryFormat, HistoryNode, HistoryPart } from './history.ts';
import { readJsonElements } from './json-elements.ts';
import { asRecord, listIn, recordIn, textIn, timeIn } from './json-values.ts';

/** The data export of ChatGPT: `conversations.json`, also in numbered pieces. */
export const chatgpt: HistoryFormat = {
  tool: 'chatgpt',

  detects: ({ path }, beginning) =>
    path.endsWith('.json') &&
    /^\uFEFF?\s*[[{]/.test(beginning) &&
    /"mapping" ?: ?\{/.test(beginning) &&
    /"(children|parent)"/.test(beginning),

  async *read(file, skip) {
    for await (const { number, record } of readJsonElements(file, 'conversations', skip)) {
      const history = toHistory(record);
      if (history && history.nodes.length > 0) yield history;
      else
        skip(
          `conversation ${number}`,
          history ? 'has no messages' : 'has no messages tree',
          !history,
        );
    }
  },
};

function toHistory(conversation: JsonObject): History | null {
  const id = textIn(conversation, 'conversation_id') ?? textIn(conversation, 'id');
  const mapping = recordIn(conversation, 'mapping');
  if (id === undefined || Object.keys(mapping).length === 0) return null;
  const createdAt = timeIn(conversation, 'create_time') ?? new Date(0);
  const nodes: HistoryNode[] = [];
  // Nodes without a message are passed over: their children continue at their parent.
  const placeOf = new Map<string, HistoryNode | null>();
  let model = textIn(conversation, 'default_model_slug');
  for (const nodeId of topDown(mapping)) {
    const record = recordIn(mapping, nodeId);
    const parent = placeOf.get(textIn(record, 'parent') ?? '') ?? null;
    const node = toNode(nodeId, recordIn(record, 'message'), parent, createdAt);
    placeOf.set(nodeId, node ?? parent);
    if (!node) continue;
    if (node.role === 'assistant') model = node.model ??= model;
    nodes.push(node);
  }
  return {
    id,
    title: textIn(conversation, 'title') ?? null,
    createdAt,
    ...{ model, provider: 'openai' },
    isArchived: conversation.is_archived === true,
    isPinned: conversation.is_starred === true,
    nodes,
    activeId: placeOf.get(textIn(conversation, 'current_node') ?? '')?.id ?? null,
  };
}

/** The ids of a tree, parents first; a cycle or a missing parent makes another root. */
function topDown(mapping: JsonObject): string[] {
  const childrenOf = new Map<string, string[]>();
  const roots: string[] = [];
  for (const id of Object.keys(mapping)) {
    const parent = textIn(recordIn(mapping, id), 'parent');
    if (parent === undefined || !Object.hasOwn(mapping, parent)) roots.push(id);
    else childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), id]);
  }
  const order = new Set(roots);
  const visit = (): void => {
    for (const id of order) for (const child of childrenOf.get(id) ?? []) order.add(child);
  };
  visit();
  for (const id of Object.keys(mapping)) {
    if (order.has(id)) continue;
    order.add(id);
    visit();
  }
  return [...order];
}

function toNode(
  id: string,
  message: JsonObject,
  parent: HistoryNode | null,
  createdAt: Date,
): HistoryNode | null {
  const author = recordIn(message, 'author');
  const speaker = textIn(author, 'role');
  const parts = toParts(message, speaker, parent);
  if (speaker === undefined || parts.length === 0) return null;
  const metadata = recordIn(message, 'metadata');
  const isHidden = speaker === 'system' || metadata.is_visually_hidden_from_conversation === true;
  for (const part of parts) if (part.type === 'text' && isHidden) part.isInjected = true;
  const role = speaker === 'assistant' || speaker === 'tool' ? speaker : 'user';
  const model = textIn(metadata, 'model_slug');
  return {
    ...{ id, parentId: parent?.id ?? null, key: textIn(message, 'id') ?? id, role, parts },
    createdAt: timeIn(message, 'create_time') ?? parent?.createdAt ?? createdAt,
    ...(role === 'assistant' && { provider: 'openai', ...(model && { model }) }),
    isInterrupted: textIn(recordIn(metadata, 'finish_details'), 'type') === 'interrupted',
  };
}

function toParts(
  message: JsonObject,
  speaker: string | undefined,
  parent: HistoryNode | null,
): HistoryPart[] {
  const content = recordIn(message, 'content');
  const kind = textIn(content, 'content_type') ?? 'text';
  const text = textIn(content, 'text') ?? textsIn(content).join('\n');
  const recipient = textIn(message, 'recipient') ?? 'all';
  if (speaker === 'tool') {
    const call = parent?.parts.findLast((part) => part.type === 'tool-call');
    const name = textIn(recordIn(message, 'author'), 'name') ?? '';
    const known = call?.type === 'tool-call' ? call : { id: textIn(message, 'id') ?? '', name };
    const output = text || JSON.stringify(content);
    const isError = kind === 'system_error';
    return [{ type: 'tool-result', id: known.id, name: name || known.name, output, isError }];
  }
  if (speaker === 'assistant' && recipient !== 'all') {
    const id = `call_${textIn(message, 'id') ?? ''}`;
    return [{ type: 'tool-call', id, name: recipient, input: { input: text } }];
  }
  switch (kind) {
    case 'text':
      return text === '' ? [] : [{ type: 'text', text }];
    case 'multimodal_text':
      return listIn(content, 'parts').map((part) =>
        typeof part === 'string'
          ? { type: 'text', text: part }
          : rawPart(textIn(asRecord(part), 'content_type') ?? 'part', part),
      );
    case 'thoughts': {
      const thoughts = listIn(content, 'thoughts').map(asRecord);
      const texts = thoughts.map(
        (thought) => textIn(thought, 'content') ?? textIn(thought, 'summary'),
      );
      return [{ type: 'reasoning', text: texts.filter(Boolean).join('\n\n') }];
    }
    case 'code':
      return [
        { type: 'text', text: `\`\`\`${textIn(content, 'language') ?? ''}\n${text}\n\`\`\`` },
      ];
    default:
      return Object.keys(content).length === 0 ? [] : [rawPart(kind, content)];
  }
}

function textsIn(content: JsonObject): string[] {
  return listIn(content, 'parts').filter((part) => typeof part === 'string');
}
