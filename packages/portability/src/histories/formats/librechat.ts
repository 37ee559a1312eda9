import type { JsonObject } from '@synapse/core';
import { rawPart } from '../content-blocks.ts';
import type { History, HistoryFormat, HistoryPart, Skip } from '../history.ts';
import { readJsonElements } from '../json-elements.ts';
import { asRecord, countIn, listIn, recordIn, textIn, timeIn, usageOf } from '../json-values.ts';
import { toNodes, type TreeMessage } from '../message-tree.ts';
import { toCall } from '../tool-values.ts';

/** The JSON export of LibreChat: one conversation, as nested messages, a flat tree or one path. */
export const librechat: HistoryFormat = {
  tool: 'librechat',

  detects: ({ path }, beginning) =>
    path.endsWith('.json') &&
    /^\uFEFF?\s*[[{]/.test(beginning) &&
    /"conversationId" ?:/.test(beginning) &&
    /"messages" ?: ?\[/.test(beginning) &&
    /"(messageId|isCreatedByUser)" ?:/.test(beginning),

  async *read(file, skip) {
    for await (const { number, record } of readJsonElements(file, 'conversations', skip)) {
      const history = toHistory(record, skip);
      if (history && history.nodes.length > 0) yield history;
      else skip(`conversation ${number}`, history ? 'has no messages' : 'has no id', !history);
    }
  },
};

function toHistory(record: JsonObject, skip: Skip): History | null {
  const records = flattened(record, skip);
  const id = textIn(record, 'conversationId') ?? textIn(records[0] ?? {}, 'conversationId');
  if (id === undefined) return null;
  const options = recordIn(record, 'options');
  const endpoint = textIn(record, 'endpoint') ?? textIn(options, 'endpoint');
  const isPath = record.branches === false && record.recursive !== true;
  const messages = records.map((message) => toMessage(message, endpoint, isPath));
  const times = messages.map((message) => Number(message.createdAt ?? Infinity));
  const first = times.reduce((least, time) => Math.min(least, time), Infinity);
  const createdAt = new Date(Number.isFinite(first) ? first : 0);
  const { nodes, endOf } = toNodes(messages, createdAt);
  const newest = messages.reduce<TreeMessage | undefined>(
    (best, one) => (Number(one.createdAt ?? 0) >= Number(best?.createdAt ?? 0) ? one : best),
    undefined,
  );
  return {
    ...{ id, createdAt, nodes },
    title: textIn(record, 'title') ?? null,
    model: textIn(options, 'model') ?? messages.findLast(({ model }) => model)?.model,
    provider: endpoint && toProvider(endpoint),
    systemPrompt: textIn(options, 'promptPrefix') ?? textIn(options, 'system'),
    metadata: Object.keys(options).length > 0 ? { options } : {},
    activeId: endOf.get(newest?.id ?? ''),
  };
}

/** Parents first; the children of a message are its own, whatever parent they name. */
function flattened(record: JsonObject, skip: Skip): JsonObject[] {
  const messages: JsonObject[] = [];
  const waiting = [...listIn(record, 'messages')].reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { children, ...message } = asRecord(next);
    const parentMessageId = textIn(message, 'messageId') ?? null;
    if (Object.keys(message).length === 0) {
      skip(`message ${messages.length + 1}`, 'is not a message', true);
    } else messages.push(message);
    const own = Array.isArray(children) ? children : [];
    waiting.push(...own.map((child) => ({ ...asRecord(child), parentMessageId })).reverse());
  }
  return messages;
}

function toMessage(
  message: JsonObject,
  endpoint: string | undefined,
  isPath: boolean,
): TreeMessage {
  const isAnswer =
    message.isCreatedByUser !== true && !/^user$/i.test(textIn(message, 'sender') ?? '');
  const namesParent = Object.hasOwn(message, 'parentMessageId');
  const provider = textIn(message, 'endpoint') ?? endpoint;
  const usage = usageOf({ outputTokens: countIn(message, 'tokenCount') });
  return {
    id: textIn(message, 'messageId'),
    parentId: isPath || !namesParent ? undefined : (textIn(message, 'parentMessageId') ?? null),
    role: isAnswer ? 'assistant' : 'user',
    parts: toParts(message),
    createdAt: timeIn(message, 'createdAt'),
    ...(isAnswer && {
      model: textIn(message, 'model'),
      provider: provider && toProvider(provider),
      // LibreChat counts the tokens of the text, and not those of the request.
      usage: usage && { ...usage, estimated: true },
    }),
    isInterrupted: message.unfinished === true,
  };
}

function toProvider(endpoint: string): string {
  return endpoint === 'openAI' ? 'openai' : endpoint;
}

function toParts(message: JsonObject): HistoryPart[] {
  const text = textIn(message, 'text') ?? '';
  const content = listIn(message, 'content');
  const parts = content.flatMap((block) => toPart(asRecord(block)));
  if (content.length === 0 && text !== '') {
    parts.push(message.error === true ? rawPart('error', text) : { type: 'text', text });
  }
  for (const kind of ['files', 'attachments']) {
    for (const file of listIn(message, kind)) parts.push(rawPart('file', file));
  }
  return parts;
}

function toPart(block: JsonObject): HistoryPart[] {
  const type = textIn(block, 'type') ?? 'block';
  const text = textIn(block, type) ?? textIn(recordIn(block, type), 'value');
  if (type === 'text' && text !== undefined) return text === '' ? [] : [{ type: 'text', text }];
  if (type === 'think' && text !== undefined) return [{ type: 'reasoning', text }];
  const call = recordIn(block, 'tool_call');
  const id = textIn(call, 'id');
  if (type !== 'tool_call' || id === undefined) return [rawPart(type, block)];
  const made = recordIn(call, 'function');
  const name = textIn(call, 'name') ?? textIn(made, 'name') ?? '';
  const output = textIn(call, 'output') ?? textIn(made, 'output');
  const parts: HistoryPart[] = [toCall(id, name, call.args ?? made.arguments)];
  if (output === undefined) return parts;
  return [...parts, { type: 'tool-result', id, name, output, isError: false }];
}
