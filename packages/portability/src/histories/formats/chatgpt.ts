import type { JsonObject } from '@synapse/core';
import { ChatgptAssets } from './chatgpt-assets.ts';
import { toParts } from './chatgpt-parts.ts';
import type { History, HistoryFormat, HistoryNode } from '../history.ts';
import { readJsonElements } from '../json-elements.ts';
import { recordIn, textIn, timeIn } from '../json-values.ts';

/** The data export of ChatGPT: `conversations.json`, also in numbered pieces. */
export const chatgpt: HistoryFormat = {
  tool: 'chatgpt',

  detects: ({ path }, beginning) =>
    path.endsWith('.json') &&
    /^\uFEFF?\s*[[{]/.test(beginning) &&
    /"mapping" ?: ?\{/.test(beginning) &&
    /"(children|parent)"/.test(beginning),

  async *read(file, skip) {
    const assets = new ChatgptAssets(file, skip);
    for await (const { number, record } of readJsonElements(file, 'conversations', skip)) {
      const history = await toHistory(record, assets);
      if (history && history.nodes.length > 0) yield history;
      else
        skip(
          `conversation ${number}`,
          history ? 'has no messages' : 'has no message tree',
          !history,
        );
    }
  },
};

async function toHistory(conversation: JsonObject, assets: ChatgptAssets): Promise<History | null> {
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
    const message = recordIn(record, 'message');
    const node = await toNode(nodeId, message, parent, { createdAt, assets });
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
    activeId: (placeOf.get(textIn(conversation, 'current_node') ?? '') ?? newestOf(nodes))?.id,
  };
}

/** Some files name no current message. */
function newestOf(nodes: readonly HistoryNode[]): HistoryNode | undefined {
  return nodes.reduce<HistoryNode | undefined>(
    (newest, node) => (newest && newest.createdAt > node.createdAt ? newest : node),
    undefined,
  );
}

/** The ids of a tree, parents first; a cycle or a missing parent makes another root. */
function topDown(mapping: JsonObject): string[] {
  const childrenOf = new Map<string, string[]>();
  const roots: string[] = [];
  for (const id of Object.keys(mapping)) {
    const parent = textIn(recordIn(mapping, id), 'parent');
    if (parent === undefined || !Object.hasOwn(mapping, parent)) roots.push(id);
    else {
      const siblings = childrenOf.get(parent);
      if (siblings) siblings.push(id);
      else childrenOf.set(parent, [id]);
    }
  }
  const order = new Set<string>();
  visit(roots);
  for (const id of Object.keys(mapping)) visit([id]);
  return [...order];

  function visit(ids: readonly string[]): void {
    const waiting = new Set(ids);
    for (const id of waiting) {
      if (order.has(id)) continue;
      order.add(id);
      for (const child of childrenOf.get(id) ?? []) waiting.add(child);
    }
  }
}

async function toNode(
  id: string,
  message: JsonObject,
  parent: HistoryNode | null,
  { createdAt, assets }: { createdAt: Date; assets: ChatgptAssets },
): Promise<HistoryNode | null> {
  const author = recordIn(message, 'author');
  const speaker = textIn(author, 'role');
  const parts = await toParts(message, speaker, parent, assets);
  if (speaker === undefined || parts.length === 0) return null;
  const metadata = recordIn(message, 'metadata');
  const isHidden =
    speaker === 'system' ||
    metadata.is_visually_hidden_from_conversation === true ||
    metadata.is_user_system_message === true;
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
