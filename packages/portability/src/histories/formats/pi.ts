import { basename } from 'node:path';
import type { JsonObject, JsonValue } from '@synapse/core';
import { attachmentPart, rawPart } from '../content-blocks.ts';
import type { HistoryFormat, HistoryPart, Skip } from '../history.ts';
import { readJsonLines, type JsonLine } from '../json-lines.ts';
import { asRecord, countIn, recordIn, textIn, timeIn, usageOf } from '../json-values.ts';
import { LeftOutRecords } from '../left-out-records.ts';
import { plainText, toNodes, type TreeMessage } from '../message-tree.ts';

/** The sessions of pi: `~/.pi/agent/sessions/<folder>/<time>_<id>.jsonl`. */
export const pi: HistoryFormat = {
  tool: 'pi',

  detects: ({ path }, beginning) =>
    path.endsWith('.jsonl') &&
    /^\uFEFF?\s*\{\s*"type"\s*:\s*"session"\s*,/.test(beginning) &&
    /^[^\n]*"cwd"\s*:/.test(beginning),

  async *read(file, skip) {
    const session = new Session(skip);
    for await (const line of readJsonLines(file, skip)) session.add(line);
    session.reportLeftOut();
    const { head, messages, title, model, provider } = session;
    const createdAt = timeIn(head, 'timestamp') ?? messages[0]?.createdAt ?? new Date(0);
    const { nodes, endOf } = toNodes(messages, createdAt);
    if (nodes.length === 0) {
      skip('file', 'has no messages');
      return;
    }
    const forkedFrom = textIn(head, 'parentSession') ?? textIn(head, 'branchedFrom');
    yield {
      id: textIn(head, 'id') ?? basename(file.path, '.jsonl'),
      ...{ title, createdAt, model, provider, nodes },
      workingDirectory: textIn(head, 'cwd'),
      metadata: forkedFrom === undefined ? {} : { forkedFrom },
      activeId: endOf.get(session.activeId ?? ''),
    };
  },
};

/** Makes messages of entries, which form a tree; the first version has neither ids nor parents. */
class Session {
  head: JsonObject = {};
  title: string | null = null;
  model: string | undefined;
  provider: string | undefined;
  activeId: string | undefined;
  readonly messages: TreeMessage[] = [];
  readonly #skip: Skip;
  /** The message of an entry. An entry that makes no message has the one before it. */
  readonly #messageOf = new Map<string, TreeMessage | null>();
  readonly #ids = new Set<string>();
  readonly #leftOut = new LeftOutRecords();

  constructor(skip: Skip) {
    this.#skip = skip;
  }

  add({ number, record }: JsonLine): void {
    const type = textIn(record, 'type');
    if (type === 'session') this.head = Object.keys(this.head).length > 0 ? this.head : record;
    else if (type === undefined) this.#skip(`line ${number}`, 'has no known type', true);
    else this.#addEntry(type, record);
  }

  reportLeftOut(): void {
    this.#leftOut.report(this.#skip);
  }

  #addEntry(type: string, entry: JsonObject): void {
    const parent = this.#parentOf(entry);
    let message = parent;
    const made = toMessage(type, entry);
    if (made) message = this.#push(made, parent, entry);
    else if (type === 'session_info') this.title = textIn(entry, 'name') ?? this.title;
    else if (type === 'model_change') {
      this.model = textIn(entry, 'modelId');
      this.provider = textIn(entry, 'provider');
    } else this.#leftOut.add(type);
    this.activeId = message?.id;
    const id = textIn(entry, 'id');
    if (id !== undefined) this.#messageOf.set(id, message);
  }

  /** An entry whose parent is missing follows the message before it. */
  #parentOf(entry: JsonObject): TreeMessage | null {
    if (entry.parentId === null) return null;
    const known = this.#messageOf.get(textIn(entry, 'parentId') ?? '');
    return known === undefined ? (this.messages.at(-1) ?? null) : known;
  }

  #push(made: TreeMessage, parent: TreeMessage | null, entry: JsonObject): TreeMessage {
    // The results of the calls of an answer are one message.
    if (made.role === 'tool' && parent?.role === 'tool') {
      for (const part of made.parts) parent.parts.push(part);
      return parent;
    }
    // pi gives the entries of old files new ids, but the times stay.
    const time = made.createdAt?.getTime() ?? textIn(entry, 'id') ?? '';
    const id = `${made.role} ${time}`;
    made.id = this.#ids.has(id) ? `${id} ${this.messages.length}` : id;
    this.#ids.add(made.id);
    made.parentId = parent?.id ?? null;
    this.messages.push(made);
    if (made.role === 'assistant') {
      this.model = made.model ?? this.model;
      this.provider = made.provider ?? this.provider;
    }
    return made;
  }
}

function toMessage(type: string, entry: JsonObject): TreeMessage | null {
  if (type === 'compaction' || type === 'branch_summary' || type === 'custom_message') {
    return toNote(entry.content ?? entry.summary ?? '', timeIn(entry, 'timestamp'));
  }
  if (type !== 'message') return null;
  const message = recordIn(entry, 'message');
  const createdAt = timeIn(message, 'timestamp') ?? timeIn(entry, 'timestamp');
  const content = message.content ?? '';
  switch (textIn(message, 'role')) {
    case 'user':
      return { role: 'user', parts: toParts(content), createdAt };
    case 'assistant':
      return toAnswer(message, createdAt);
    case 'toolResult':
      return { role: 'tool', parts: toResult(message), createdAt };
    case 'bashExecution': {
      const text = `$ ${textIn(message, 'command') ?? ''}\n${textIn(message, 'output') ?? ''}`;
      const code = countIn(message, 'exitCode');
      return toNote(code === 0 ? text : `${text}\n[exit code ${code}]`, createdAt);
    }
    case 'custom':
    case 'hookMessage':
      return toNote(content, createdAt);
    case 'compactionSummary':
    case 'branchSummary':
      return toNote(message.summary ?? '', createdAt);
    default: {
      const kind = textIn(message, 'role') ?? 'message';
      return { role: 'assistant', parts: [rawPart(kind, message)], createdAt };
    }
  }
}

/** Text that pi or an extension adds for the model. */
function toNote(content: JsonValue, createdAt: Date | undefined): TreeMessage {
  const parts = toParts(content);
  for (const part of parts) if (part.type === 'text') part.isInjected = true;
  return { role: 'user', parts, createdAt };
}

function toAnswer(message: JsonObject, createdAt: Date | undefined): TreeMessage {
  const usage = recordIn(message, 'usage');
  const cacheReadTokens = countIn(usage, 'cacheRead');
  const cacheWriteTokens = countIn(usage, 'cacheWrite');
  const error = textIn(message, 'errorMessage');
  const parts = toParts(message.content ?? '');
  if (error !== undefined) parts.push(rawPart('error', error));
  return {
    ...{ role: 'assistant', parts, createdAt },
    ...{ model: textIn(message, 'model'), provider: textIn(message, 'provider') },
    isInterrupted: textIn(message, 'stopReason') === 'aborted',
    usage: usageOf({
      ...{ cacheReadTokens, cacheWriteTokens, outputTokens: countIn(usage, 'output') },
      inputTokens: countIn(usage, 'input') + cacheReadTokens + cacheWriteTokens,
    }),
  };
}

function toResult(message: JsonObject): HistoryPart[] {
  const parts = toParts(message.content ?? '');
  const result: HistoryPart = {
    ...{ type: 'tool-result', output: plainText(parts), isError: message.isError === true },
    ...{ id: textIn(message, 'toolCallId') ?? '', name: textIn(message, 'toolName') ?? '' },
  };
  return [result, ...parts.filter(({ type }) => type !== 'text')];
}

function toParts(content: JsonValue): HistoryPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (!Array.isArray(content)) return [rawPart('content', content)];
  return content.map((value) => toPart(asRecord(value), value));
}

function toPart(block: JsonObject, value: JsonValue): HistoryPart {
  const type = textIn(block, 'type') ?? 'block';
  const text = textIn(block, type);
  const id = textIn(block, 'id');
  const name = textIn(block, 'name');
  const data = textIn(block, 'data');
  if (type === 'text' && text !== undefined) return { type, text };
  // The thinking of some providers is sealed.
  if (type === 'thinking' && text) return { type: 'reasoning', text };
  if (type === 'toolCall' && id !== undefined && name !== undefined) {
    return { type: 'tool-call', id, name, input: recordIn(block, 'arguments') };
  }
  if (type === 'image' && data !== undefined) {
    const mediaType = textIn(block, 'mimeType') ?? 'image/png';
    return attachmentPart(mediaType, Buffer.from(data, 'base64'));
  }
  return rawPart(type, value);
}
