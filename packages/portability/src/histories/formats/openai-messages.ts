import type { JsonObject } from '@synapse/core';
import { rawPart, toOpenaiParts } from '../content-blocks.ts';
import type { History, HistoryFormat, HistoryPart, Skip } from '../history.ts';
import { readJsonLines } from '../json-lines.ts';
import { asRecord, idIn, listIn, recordIn, textIn, timeIn, without } from '../json-values.ts';
import { plainText, toNodes, type TreeMessage } from '../message-tree.ts';
import { fromDataUrl, parseJson, textOfBlocks, toCall } from '../tool-values.ts';

const SPEAKERS = /^(system|developer|user|assistant|tool|function)$/;

/** The messages of OpenAI's Chat Completions, a conversation on each line, as for fine-tuning. */
export const openaiMessages: HistoryFormat = {
  tool: 'openai',

  detects: ({ path }, beginning) => {
    if (!/\.(jsonl|ndjson)$/.test(path)) return false;
    const [line = ''] = beginning
      .replace(/^\uFEFF/, '')
      .trimStart()
      .split('\n', 1);
    const first = parseJson(line);
    // A line with an image may be longer than the beginning.
    if (first === undefined) return START.test(line);
    const messages = listIn(asRecord(first), 'messages').map(asRecord);
    return messages.length > 0 && messages.every(isMessage);
  },

  async *read(file, skip) {
    const name = file.path.split(/[/\\]/).at(-1) ?? file.path;
    for await (const { number, record } of readJsonLines(file, skip)) {
      const place = `line ${number}`;
      // The number of its line, so that a file that has grown has only new conversations at its end.
      const id = idIn(record, 'id') ?? idIn(record, 'conversation_id') ?? place;
      const history = toHistory(record, `${name} ${id}`, place, skip);
      if (history.nodes.length > 0) yield history;
      else skip(place, 'has no messages', !Array.isArray(record.messages));
    }
  },
};

const START =
  /^\{\s*"messages"\s*:\s*\[\s*\{\s*"role"\s*:\s*"(system|developer|user|assistant)"\s*,\s*"content"/;

function isMessage(message: JsonObject): boolean {
  const isContent = ['content', 'tool_calls', 'function_call'].some((name) =>
    Object.hasOwn(message, name),
  );
  return isContent && SPEAKERS.test(textIn(message, 'role') ?? '');
}

function toHistory(record: JsonObject, id: string, place: string, skip: Skip): History {
  const createdAt =
    timeIn(record, 'created_at') ?? timeIn(record, 'created') ?? timeIn(record, 'timestamp');
  const model = textIn(record, 'model');
  const messages = listIn(record, 'messages').map(asRecord);
  const [first] = messages;
  const prompt = first && isSystem(first) ? toOpenaiParts(first.content ?? '', toPart) : [];
  const hasPrompt = prompt.length > 0 && prompt.every(({ type }) => type === 'text');
  const reader = new MessageReader(model);
  for (const [index, message] of messages.entries()) {
    if (index === 0 && hasPrompt) continue;
    if (SPEAKERS.test(textIn(message, 'role') ?? '')) reader.add(message);
    else skip(`${place}, message ${index + 1}`, 'has no known role', true);
  }
  const startedAt = createdAt ?? new Date(0);
  return {
    ...{ id, createdAt: startedAt, model, title: textIn(record, 'title') ?? null },
    systemPrompt: hasPrompt ? plainText(prompt) : undefined,
    nodes: toNodes(reader.messages, startedAt).nodes,
    metadata: without(record, 'messages', 'title', 'model'),
  };
}

function isSystem(message: JsonObject): boolean {
  return /^(system|developer)$/.test(textIn(message, 'role') ?? '');
}

/** Results that follow each other become one message. */
class MessageReader {
  readonly messages: TreeMessage[] = [];
  readonly #model: string | undefined;
  readonly #names = new Map<string, string>();
  #calls = 0;
  #lastId = 'call';

  constructor(model: string | undefined) {
    this.#model = model;
  }

  add(message: JsonObject): void {
    const role = textIn(message, 'role');
    const parts = toOpenaiParts(message.content ?? '', toPart);
    if (role === 'tool' || role === 'function') this.#addResult(message);
    else if (role === 'assistant') {
      const reasoning = textIn(message, 'reasoning_content') ?? textIn(message, 'reasoning');
      if (reasoning) parts.unshift({ type: 'reasoning', text: reasoning });
      parts.push(...this.#callsOf(message), ...others(message));
      this.messages.push({ role, parts, model: this.#model });
    } else {
      const isInjected = role !== 'user';
      for (const part of parts) if (part.type === 'text' && isInjected) part.isInjected = true;
      this.messages.push({ role: 'user', parts: [...parts, ...others(message)] });
    }
  }

  #callsOf(message: JsonObject): HistoryPart[] {
    const calls = listIn(message, 'tool_calls').map(asRecord);
    const old = recordIn(message, 'function_call');
    if (Object.keys(old).length > 0) calls.push({ function: old });
    return calls.map((call) => {
      const made = Object.hasOwn(call, 'custom')
        ? recordIn(call, 'custom')
        : recordIn(call, 'function');
      this.#calls += 1;
      const id = textIn(call, 'id') ?? `call_${this.#calls}`;
      const name = textIn(made, 'name') ?? '';
      this.#names.set(id, name);
      this.#lastId = id;
      return toCall(id, name, made.arguments ?? made.input);
    });
  }

  /** The result of an old function call names no call: it answers the last one. */
  #addResult(message: JsonObject): void {
    const id = textIn(message, 'tool_call_id') ?? this.#lastId;
    const name = this.#names.get(id) ?? textIn(message, 'name') ?? '';
    const output = textOfBlocks(message.content ?? '');
    const result: HistoryPart = { type: 'tool-result', id, name, output, isError: false };
    const last = this.messages.at(-1);
    if (last?.role === 'tool') last.parts.push(result);
    else this.messages.push({ role: 'tool', parts: [result] });
  }
}

/** Fields that have no place in a part. */
function others(message: JsonObject): HistoryPart[] {
  const rest = without(message, 'role', 'content', 'tool_calls', 'function_call');
  const known = without(rest, 'reasoning_content', 'reasoning');
  const entries = Object.entries(known).filter(([, value]) => value !== null);
  return entries.length === 0 ? [] : [rawPart('message', Object.fromEntries(entries))];
}

function toPart(part: JsonObject): HistoryPart | null {
  const text = textIn(part, 'refusal');
  if (text !== undefined) return { type: 'text', text };
  const file = recordIn(part, 'file');
  const address = textIn(recordIn(part, 'image_url'), 'url') ?? textIn(file, 'file_data') ?? '';
  return fromDataUrl(address, textIn(file, 'filename') ?? null);
}
