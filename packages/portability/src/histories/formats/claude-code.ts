import type { JsonObject } from '@synapse/core';
import { addOutputs, agentFacts } from './claude-code-files.ts';
import { rawPart, toContentParts } from '../content-blocks.ts';
import type {
  History,
  HistoryFile,
  HistoryFormat,
  HistoryNode,
  HistoryPart,
  Skip,
} from '../history.ts';
import { readJsonLines } from '../json-lines.ts';
import { countIn, recordIn, textIn, timeIn, usageOf } from '../json-values.ts';
import { LeftOutRecords } from '../left-out-records.ts';
import { PartSpool } from '../part-spool.ts';

/** Text that Claude Code writes into the messages of the user. */
const INJECTED =
  /^\s*(<(command-name|command-message|local-command-|system-reminder|bash-(input|stdout|stderr)|task-notification)|Caveat:|\[Request interrupted by user)/;

/** The transcripts of Claude Code: `projects/<folder>/<session>.jsonl`. */
export const claudeCode: HistoryFormat = {
  tool: 'claude-code',

  detects: ({ path }, beginning) =>
    path.endsWith('.jsonl') &&
    !beginning.includes('"projectHash"') &&
    /"type" ?: ?"(user|assistant|summary|system|file-history-snapshot|queue-operation|mode)"/.test(
      beginning,
    ) &&
    /"(sessionId|leafUuid|message)" ?:/.test(beginning),

  async *read(file, skip) {
    const spool = new PartSpool();
    try {
      yield* readTranscripts(file, spool, skip);
    } finally {
      spool.close();
    }
  },
};

async function* readTranscripts(
  file: HistoryFile,
  spool: PartSpool,
  skip: Skip,
): AsyncGenerator<History> {
  const main = new Transcript(spool);
  const agents = new Map<string, Transcript>();
  const leftOut = new LeftOutRecords();
  for await (const { record, byteLength } of readJsonLines(file, skip)) {
    const type = textIn(record, 'type') ?? '';
    if (['user', 'assistant', 'system', 'attachment', 'progress'].includes(type)) {
      let transcript = main;
      if (record.isSidechain === true) {
        const agentId = textIn(record, 'agentId') ?? 'sidechain';
        transcript = agents.get(agentId) ?? new Transcript(spool);
        agents.set(agentId, transcript);
      }
      transcript.add(type, record, byteLength, skip);
    } else if (!main.addTitle(type, record)) leftOut.add(type);
  }
  leftOut.report(skip);
  for (const transcript of [main, ...agents.values()]) {
    await addOutputs(file, transcript, spool, skip);
  }
  const fallback = /([^/\\]+)\.jsonl$/.exec(file.path)?.[1] ?? file.path;
  if (main.nodes.length > 0) yield main.toHistory(main.sessionId ?? fallback, file.modifiedAt);
  for (const [agentId, agent] of agents) {
    const parentId = agent.sessionId ?? main.sessionId ?? fallback;
    const id = `${parentId}/${agentId}`;
    if (agent.nodes.length === 0) continue;
    const history = agent.toHistory(id, file.modifiedAt);
    yield { ...history, ...(await agentFacts(file, history)), parentId };
  }
}

/** Makes messages of lines: an answer is written block by block, and results are on lines of their own. */
class Transcript {
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
    const results = parts.filter((part) => part.type === 'tool-result');
    const rest = parts.filter((part) => part.type !== 'tool-result');
    let node = parent;
    for (const result of results) {
      // Parallel calls fork the chain of lines, but their results are one message.
      const call = this.#byCall.get(result.id)?.node ?? parent;
      let answered = call && this.#resultsOf.get(call);
      if (!answered) {
        answered = this.#push(record, call, 'tool');
        if (call?.key !== undefined) answered.key = `results ${call.key}`;
        if (call) this.#resultsOf.set(call, answered);
      }
      this.#spool.add(answered, [result], this.#byteLength);
      node = answered;
    }
    if (rest.length > 0 || results.length === 0) {
      const isInjected = record.isMeta === true || record.isCompactSummary === true;
      node = this.#push(record, node, 'user', markInjected(rest, isInjected));
    }
    if (node) this.#name(record, node);
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
