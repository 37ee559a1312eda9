import type { JsonObject } from '@synapse/core';
import { isOfResult, rawPart, toContentParts } from '../content-blocks.ts';
import type { History, HistoryNode, HistoryPart, Skip } from '../history.ts';
import { countIn, recordIn, textIn, timeIn, usageOf } from '../json-values.ts';
import type { PartSpool } from '../part-spool.ts';

/** Text that Claude Code writes into the messages of the user. */
const INJECTED =
  /^\s*(<(command-name|command-message|local-command-|system-reminder|bash-(input|stdout|stderr)|task-notification)|Caveat:|\[Request interrupted by user)/;

/** Makes messages of lines: an answer is written block by block, and results are on lines of their own. */
export class Transcript {
  readonly nodes: HistoryNode[] = [];
  sessionId: string | undefined;
  readonly #byUuid = new Map<string, HistoryNode>();
  readonly #byReply = new Map<string, HistoryNode>();
  readonly #byCall = new Map<string, { node: HistoryNode; name: string }>();
  readonly #resultsOf = new Map<HistoryNode, HistoryNode>();
  readonly #titles: { type: string; text: string; leaf: string | undefined }[] = [];
  readonly #spool: PartSpool;
  #head: JsonObject | null = null;
  #model: string | undefined;
  #hasParents = false;
  /** The size of the line that is read. */
  #byteLength = 0;

  constructor(spool: PartSpool) {
    this.#spool = spool;
  }

  /** Takes a title; false for other records. */
  addTitle(type: string, record: JsonObject): boolean {
    const text =
      textIn(record, 'customTitle') ?? textIn(record, 'aiTitle') ?? textIn(record, 'summary');
    if (!['custom-title', 'ai-title', 'summary'].includes(type) || text === undefined) return false;
    this.#titles.push({ type, text, leaf: textIn(record, 'leafUuid') });
    return true;
  }

  add(type: string, record: JsonObject, byteLength: number, skip: Skip): void {
    this.#byteLength = byteLength;
    this.#head ??= headOf(record);
    this.sessionId ??= textIn(record, 'sessionId');
    const parent = this.#parentOf(record);
    if (type === 'assistant') this.#addReply(record, parent);
    else if (type === 'user') this.#addUser(record, parent);
    else this.#addRecord(type, record, parent, skip);
  }

  toHistory(id: string, modifiedAt: Date): History {
    // A transcript may begin with the summary of another one.
    const own = this.#titles.filter(({ leaf }) => leaf === undefined || this.#byUuid.has(leaf));
    const titles = Object.fromEntries(own.map(({ type, text }) => [type, text]));
    const head = this.#head ?? {};
    const version = textIn(head, 'version');
    const branch = textIn(head, 'gitBranch');
    return {
      id,
      title: titles['custom-title'] ?? titles['ai-title'] ?? titles.summary ?? null,
      createdAt: this.nodes[0]?.createdAt ?? modifiedAt,
      workingDirectory: textIn(head, 'cwd'),
      model: this.#model,
      provider: 'anthropic',
      metadata: { ...(version && { version }), ...(branch && { gitBranch: branch }) },
      nodes: this.nodes,
    };
  }

  #addReply(record: JsonObject, parent: HistoryNode | null): void {
    const message = recordIn(record, 'message');
    const model = textIn(message, 'model');
    const id = textIn(message, 'id') ?? textIn(record, 'uuid') ?? String(this.nodes.length);
    const parts = toContentParts(message.content ?? null);
    let node = this.#byReply.get(id);
    if (model === '<synthetic>') {
      for (const part of parts) if (part.type === 'text') part.isInjected = true;
    } else this.#model = model ?? this.#model;
    if (!node) {
      node = this.#push(record, parent, 'assistant');
      if (model !== '<synthetic>') Object.assign(node, { model, provider: 'anthropic', key: id });
      this.#byReply.set(id, node);
    }
    this.#spool.add(node, parts, this.#byteLength);
    node.isOpen = textIn(message, 'stop_reason') === undefined;
    for (const part of parts) {
      if (part.type === 'tool-call') this.#byCall.set(part.id, { node, name: part.name });
    }
    const usage = recordIn(message, 'usage');
    const cacheReadTokens = countIn(usage, 'cache_read_input_tokens');
    const cacheWriteTokens = countIn(usage, 'cache_creation_input_tokens');
    const counted = usageOf({
      ...{ cacheReadTokens, cacheWriteTokens, outputTokens: countIn(usage, 'output_tokens') },
      inputTokens: countIn(usage, 'input_tokens') + cacheReadTokens + cacheWriteTokens,
    });
    // Each line repeats the usage, and the last one has it complete.
    if (counted && model !== '<synthetic>') node.usage = counted;
    this.#name(record, node);
  }

  #addUser(record: JsonObject, parent: HistoryNode | null): void {
    const content = recordIn(record, 'message').content ?? null;
    const parts = toContentParts(content, (id) => this.#byCall.get(id)?.name ?? '');
    const results = parts.filter(isOfResult);
    const rest = parts.filter((part) => !isOfResult(part));
    let node = parent;
    for (const result of results) {
      if (result.type === 'tool-result') node = this.#answerTo(result.id, record, parent);
      if (node) this.#spool.add(node, [result], this.#byteLength);
    }
    if (rest.length > 0 || results.length === 0) {
      const isInjected = record.isMeta === true || record.isCompactSummary === true;
      node = this.#push(record, node, 'user', markInjected(rest, isInjected));
    }
    if (node) this.#name(record, node);
  }

  /** The message of the results. Parallel calls fork the chain of lines, but their results are one message. */
  #answerTo(callId: string, record: JsonObject, parent: HistoryNode | null): HistoryNode {
    const call = this.#byCall.get(callId)?.node ?? parent;
    const known = call && this.#resultsOf.get(call);
    if (known) return known;
    const answered = this.#push(record, call, 'tool');
    if (call?.key !== undefined) answered.key = `results ${call.key}`;
    if (call) this.#resultsOf.set(call, answered);
    return answered;
  }

  /** Records without a message of their own belong to the one before. */
  #addRecord(type: string, record: JsonObject, parent: HistoryNode | null, skip: Skip): void {
    const attachment = recordIn(record, 'attachment');
    const prompt = toContentParts(attachment.prompt ?? null);
    if (textIn(attachment, 'type') === 'queued_command' && prompt.length > 0) {
      this.#name(record, this.#push(record, parent, 'user', markInjected(prompt, false)));
      return;
    }
    const kind = [type, textIn(record, 'subtype') ?? textIn(attachment, 'type')];
    const before = parent ?? this.nodes.at(-1);
    if (!before) {
      skip(`record ${textIn(record, 'uuid') ?? ''}`, `a ${type} record comes before any message`);
      return;
    }
    const raw = rawPart(kind.filter(Boolean).join('/'), record);
    this.#spool.add(before, [raw], this.#byteLength);
    this.#name(record, before);
  }

  #parentOf(record: JsonObject): HistoryNode | null {
    const uuid = textIn(record, 'parentUuid') ?? textIn(record, 'logicalParentUuid');
    this.#hasParents ||= uuid !== undefined;
    const named = uuid === undefined ? undefined : this.#byUuid.get(uuid);
    if (named) return named;
    // Some versions name no parents, and write the lines in the order of the conversation.
    const isRoot = uuid === undefined && this.#hasParents && textIn(record, 'type') === 'user';
    return isRoot ? null : (this.nodes.at(-1) ?? null);
  }

  #push(
    record: JsonObject,
    parent: HistoryNode | null,
    role: HistoryNode['role'],
    parts: readonly HistoryPart[] = [],
  ): HistoryNode {
    const createdAt = timeIn(record, 'timestamp') ?? parent?.createdAt ?? new Date(0);
    // Not the id of the line, which broken files use twice.
    const id = String(this.nodes.length);
    const node = this.#spool.node({ id, parentId: parent?.id ?? null, role, createdAt });
    this.nodes.push(node);
    this.#spool.add(node, parts, this.#byteLength);
    return node;
  }

  #name(record: JsonObject, node: HistoryNode): void {
    const uuid = textIn(record, 'uuid');
    if (uuid !== undefined) this.#byUuid.set(uuid, node);
  }
}

/** The fields of the first line that are facts about all of them. */
function headOf({ version, gitBranch, cwd }: JsonObject): JsonObject {
  return { ...(version && { version }), ...(gitBranch && { gitBranch }), ...(cwd && { cwd }) };
}

function markInjected(parts: HistoryPart[], areAll: boolean): HistoryPart[] {
  for (const part of parts) {
    if (part.type === 'text' && (areAll || INJECTED.test(part.text))) part.isInjected = true;
  }
  return parts;
}
