import { basename } from 'node:path';
import type { JsonObject, JsonValue } from '@synapse/core';
import { rawPart, toOpenaiParts } from '../content-blocks.ts';
import { readJsonBeside } from '../file-beside.ts';
import type { HistoryFormat, HistoryPart, Skip } from '../history.ts';
import { contentKey } from '../history-nodes.ts';
import { readJson } from '../json-document.ts';
import {
  asRecord,
  countIn,
  listIn,
  recordIn,
  recordsOf,
  textIn,
  timeIn,
  usageOf,
} from '../json-values.ts';
import { plainText, toNodes, type TreeMessage } from '../message-tree.ts';
import { fromDataUrl, toCall } from '../tool-values.ts';

/** The sessions of Continue, of its extensions and its CLI: `sessions/<id>.json`. */
export const continueDev: HistoryFormat = {
  tool: 'continue',

  detects: ({ path }, beginning) =>
    path.endsWith('.json') &&
    /^\uFEFF?\s*\{/.test(beginning) &&
    /"history"\s*:\s*\[\s*(\]|\{\s*"(message|editorState|contextItems|promptLogs|modifiers)"\s*:)/.test(
      beginning,
    ),

  async *read(file, skip) {
    const session = asRecord(await readJson(file));
    const id = textIn(session, 'sessionId') ?? basename(file.path, '.json');
    const list = recordsOf(await readJsonBeside(file, 'sessions.json'));
    const listed = list.find((one) => textIn(one, 'sessionId') === id);
    // Messages have no times.
    const createdAt = timeIn(listed ?? {}, 'dateCreated') ?? new Date(0);
    const messages = toMessages(listIn(session, 'history'), skip);
    const { nodes } = toNodes(messages, createdAt);
    if (nodes.length === 0) {
      skip('file', 'has no messages');
      return;
    }
    const answer = messages.findLast(({ model }) => model !== undefined);
    yield {
      ...{ id, createdAt, nodes },
      title: textIn(session, 'title') ?? null,
      workingDirectory: toPath(textIn(session, 'workspaceDirectory') ?? ''),
      model: answer?.model ?? textIn(session, 'chatModelTitle'),
      provider: answer?.provider,
    };
  },
};

function toMessages(items: readonly JsonValue[], skip: Skip): TreeMessage[] {
  const messages: TreeMessage[] = [];
  const names = new Map<string, string>();
  const ownResults = new Set(
    items.map((item) => textIn(recordIn(asRecord(item), 'message'), 'toolCallId')),
  );
  let isThinking = false;
  for (const [index, value] of items.entries()) {
    const item = asRecord(value);
    const message = recordIn(item, 'message');
    const place = `message ${index + 1}`;
    const role = textIn(message, 'role') ?? '';
    if (textIn(item, 'conversationSummary') !== undefined) {
      skip(place, 'has a summary of the messages before, which are all imported');
    }
    const id = textIn(message, 'id');
    const content = toOpenaiParts(message.content ?? '', toImage);
    if (role === 'user' || role === 'system') {
      if (role === 'system') for (const part of content) markInjected(part);
      const files = listIn(item, 'contextItems').map(toFile);
      messages.push({ id, role: 'user', parts: [...content, ...files] });
    } else if (role === 'tool') {
      const callId = textIn(message, 'toolCallId') ?? '';
      const output = plainText(content) || outputOf(listIn(item, 'contextItems'));
      const result = { id: callId, name: names.get(callId) ?? '', output, isError: false };
      messages.push({ id, role: 'tool', parts: [{ type: 'tool-result', ...result }] });
    } else if (role === 'thinking' || role === 'assistant') {
      const thought = textIn(recordIn(item, 'reasoning'), 'text');
      const parts: HistoryPart[] = [
        ...(role === 'thinking' ? toReasoning(message, content) : []),
        ...(thought ? [{ type: 'reasoning' as const, text: thought }] : []),
        ...(role === 'assistant' ? content : []),
        ...(role === 'assistant' ? toCalls(message, item, names, ownResults) : []),
      ];
      const answer = { ...facts(message, item), isOpen: role === 'thinking' };
      const last = messages.at(-1);
      // A message with the reasoning comes before the rest of the answer.
      if (isThinking && last) {
        Object.assign(last, answer);
        for (const part of parts) last.parts.push(part);
      } else {
        // The rest of the answer must not change its identity.
        const key = role === 'thinking' ? `thinking ${contentKey(parts)}` : undefined;
        messages.push({ id: id ?? key, role: 'assistant', parts, ...answer });
      }
    } else {
      skip(place, 'has no known role', true);
      continue;
    }
    isThinking = role === 'thinking';
  }
  return messages;
}

function toReasoning(message: JsonObject, content: readonly HistoryPart[]): HistoryPart[] {
  const text = plainText(content);
  return text === '' ? [rawPart('thinking', message)] : [{ type: 'reasoning', text }];
}

/** The calls of an answer, and the results that it keeps with their states. */
function toCalls(
  message: JsonObject,
  item: JsonObject,
  names: Map<string, string>,
  ownResults: ReadonlySet<string | undefined>,
): HistoryPart[] {
  const states = new Map(
    listIn(item, 'toolCallStates').map((state) => [
      textIn(asRecord(state), 'toolCallId'),
      asRecord(state),
    ]),
  );
  const calls: HistoryPart[] = [];
  const results: HistoryPart[] = [];
  for (const call of listIn(message, 'toolCalls').map(asRecord)) {
    const made = recordIn(call, 'function');
    const id = textIn(call, 'id') ?? '';
    const name = textIn(made, 'name') ?? '';
    names.set(id, name);
    calls.push(toCall(id, name, made.arguments));
    const state = states.get(id) ?? {};
    if (!Array.isArray(state.output) || ownResults.has(id)) continue;
    const isError = /^(errored|canceled)$/.test(textIn(state, 'status') ?? '');
    results.push({ type: 'tool-result', id, name, output: outputOf(state.output), isError });
  }
  return [...calls, ...results];
}

function facts(
  message: JsonObject,
  item: JsonObject,
): Pick<TreeMessage, 'model' | 'provider' | 'usage'> {
  const log = asRecord(listIn(item, 'promptLogs').at(-1));
  const provider = textIn(log, 'modelProvider');
  const usage = recordIn(message, 'usage');
  const input = recordIn(usage, 'promptTokensDetails');
  const cacheReadTokens = countIn(input, 'cachedTokens');
  const cacheWriteTokens = countIn(input, 'cacheWriteTokens');
  const prompt = countIn(usage, 'promptTokens');
  // Continue keeps the figures of the provider, and those of Anthropic leave cached tokens out.
  const isWithout = provider === 'anthropic' || prompt < cacheReadTokens + cacheWriteTokens;
  return {
    model: textIn(recordIn(log, 'completionOptions'), 'model') ?? textIn(log, 'modelTitle'),
    provider,
    usage: usageOf({
      ...{ cacheReadTokens, cacheWriteTokens, outputTokens: countIn(usage, 'completionTokens') },
      inputTokens: prompt + (isWithout ? cacheReadTokens + cacheWriteTokens : 0),
      reasoningTokens: countIn(recordIn(usage, 'completionTokensDetails'), 'reasoningTokens'),
    }),
  };
}

function toImage(part: JsonObject): HistoryPart | null {
  return fromDataUrl(textIn(recordIn(part, 'imageUrl'), 'url') ?? '', null);
}

/** Code and documents that the user attached; the message has only their names. */
function toFile(value: JsonValue): HistoryPart {
  const item = asRecord(value);
  const content = textIn(item, 'content');
  if (content === undefined) return rawPart('context', value);
  const name = textIn(item, 'name') ?? null;
  return { type: 'file', mediaType: 'text/plain', name, bytes: Buffer.from(content) };
}

function markInjected(part: HistoryPart): void {
  if (part.type === 'text') part.isInjected = true;
}

function outputOf(items: readonly JsonValue[]): string {
  return items
    .map((item) => textIn(asRecord(item), 'content') ?? JSON.stringify(item))
    .join('\n\n');
}

/** The folder is a path, or an address of a file. */
function toPath(folder: string): string | undefined {
  try {
    return folder.startsWith('file:')
      ? decodeURIComponent(new URL(folder).pathname)
      : folder || undefined;
  } catch {
    return folder;
  }
}
