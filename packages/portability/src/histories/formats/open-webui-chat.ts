import type { JsonObject, Usage } from '@synapse/core';
import { rawPart } from '../content-blocks.ts';
import type { History, HistoryPart, Skip } from '../history.ts';
import { asRecord, countIn, listIn, recordIn, textIn, timeIn, usageOf } from '../json-values.ts';
import { plainText, toNodes, type TreeMessage } from '../message-tree.ts';
import { partsOfHtml, partsOfOutput } from './open-webui-content.ts';
import { fromDataUrl } from '../tool-values.ts';

/** A chat as Open WebUI exports it; null if it has no id. */
export function toOpenWebuiHistory(record: JsonObject, skip: Skip): History | null {
  const id = textIn(record, 'id');
  if (id === undefined) return null;
  const chat = recordIn(record, 'chat');
  const tree = recordIn(chat, 'history');
  const createdAt = timeIn(record, 'created_at') ?? timeIn(chat, 'timestamp') ?? new Date(0);
  const messages = messagesOf(chat, skip);
  const { nodes, endOf } = toNodes(messages, createdAt);
  const meta = recordIn(record, 'meta');
  const folderId = textIn(record, 'folder_id');
  const userId = textIn(record, 'user_id');
  const models = listIn(chat, 'models').filter((model) => typeof model === 'string');
  return {
    ...{ id, createdAt, nodes },
    title: textIn(record, 'title') ?? textIn(chat, 'title') ?? null,
    model: messages.findLast(({ model }) => model !== undefined)?.model ?? models[0],
    systemPrompt: textIn(recordIn(chat, 'params'), 'system') ?? textIn(chat, 'system'),
    isArchived: record.archived === true || record.archived === 1,
    isPinned: record.pinned === true || record.pinned === 1,
    metadata: {
      ...(Object.keys(meta).length > 0 && { meta }),
      ...(folderId !== undefined && { folderId }),
      ...(userId !== undefined && { userId }),
    },
    activeId: endOf.get(textIn(tree, 'currentId') ?? ''),
  };
}

/** The messages of the tree; the oldest versions have only a list. */
function messagesOf(chat: JsonObject, skip: Skip): TreeMessage[] {
  const map = recordIn(recordIn(chat, 'history'), 'messages');
  const tree = Object.keys(map).map((id) => ({ parentId: null, ...recordIn(map, id), id }));
  const messages: JsonObject[] = tree.length > 0 ? tree : listIn(chat, 'messages').map(asRecord);
  return messages.flatMap((message, index) => {
    if (textIn(message, 'role') !== undefined) return toMessage(message);
    skip(`message ${textIn(message, 'id') ?? index + 1}`, 'is not a message', true);
    return [];
  });
}

function toMessage(message: JsonObject): TreeMessage {
  const id = textIn(message, 'id');
  const isAnswer = textIn(message, 'role') === 'assistant';
  const parent = Object.hasOwn(message, 'parentId') ? (message.parentId ?? null) : undefined;
  const parts = isAnswer ? answerParts(message, id ?? '') : promptParts(message);
  for (const kind of ['sources', 'citations', 'error', 'embeds', 'code_executions', 'annotation']) {
    const data = Object.hasOwn(message, kind) ? message[kind] : null;
    const isEmpty = !data || (typeof data === 'object' && Object.keys(data).length === 0);
    if (!isEmpty) parts.push(rawPart(kind, data));
  }
  return {
    id,
    parentId: parent === undefined || typeof parent === 'string' ? parent : null,
    role: isAnswer ? 'assistant' : 'user',
    parts,
    createdAt: timeIn(message, 'timestamp'),
    ...(isAnswer && { model: textIn(message, 'model'), usage: usageIn(message) }),
    isOpen: isAnswer && message.done === false,
  };
}

/** A text that the user has edited since differs from the items of the answer, and counts. */
function answerParts(message: JsonObject, id: string): HistoryPart[] {
  const items = listIn(message, 'output').map(asRecord);
  const shown = partsOfHtml(textIn(message, 'content') ?? '', id);
  const made = partsOfOutput(items, id);
  const isSame = withoutSpace(plainText(made)) === withoutSpace(plainText(shown));
  const parts = items.length > 0 && (isSame || shown.length === 0) ? made : shown;
  return [...parts, ...filesOf(message)];
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s+/g, '');
}

function promptParts(message: JsonObject): HistoryPart[] {
  const text = textIn(message, 'content') ?? '';
  const isInjected = textIn(message, 'role') !== 'user';
  const own: HistoryPart = { type: 'text', text, ...(isInjected && { isInjected: true as const }) };
  return [...(text === '' ? [] : [own]), ...filesOf(message)];
}

/** Images bring their bytes, and documents the text that was found in them. */
function filesOf(message: JsonObject): HistoryPart[] {
  return listIn(message, 'files').map((file) => {
    const record = asRecord(file);
    const name = textIn(record, 'name') ?? null;
    const image = fromDataUrl(textIn(record, 'url') ?? '', name);
    if (image) return image;
    const text = textIn(recordIn(recordIn(record, 'file'), 'data'), 'content');
    if (!text) return rawPart(textIn(record, 'type') ?? 'file', file);
    return { type: 'file', mediaType: 'text/plain', name, bytes: Buffer.from(text) };
  });
}

/** The figures as the provider of the model named them. */
function usageIn(message: JsonObject): Usage | undefined {
  const given = recordIn(message, 'usage');
  const info = recordIn(message, 'info');
  const older = Object.hasOwn(info, 'usage') ? recordIn(info, 'usage') : info;
  const counts = Object.keys(given).length > 0 ? given : older;
  const first = (...names: string[]): number =>
    names.map((name) => countIn(counts, name)).find((count) => count > 0) ?? 0;
  const detail = (side: string, name: string): number =>
    countIn(recordIn(counts, `${side}_tokens_details`), name);
  return usageOf({
    inputTokens: first('prompt_tokens', 'input_tokens', 'prompt_eval_count'),
    outputTokens: first('completion_tokens', 'output_tokens', 'eval_count'),
    cacheReadTokens: detail('prompt', 'cached_tokens') || detail('input', 'cached_tokens'),
    reasoningTokens:
      detail('completion', 'reasoning_tokens') || detail('output', 'reasoning_tokens'),
  });
}
