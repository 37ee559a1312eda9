import type { JsonObject } from '@synapse/core';
import { rawPart, splitResults } from '../content-blocks.ts';
import type { History, HistoryNode, HistoryPart, Skip } from '../history.ts';
import { asRecord, countIn, listIn, textIn, usageOf, utcTimeIn } from '../json-values.ts';
import { parseJson, toCall } from '../tool-values.ts';
import { attachmentsOf, CallPairs, fragmentsOf, resultPart } from './llm-parts.ts';
import type { SqliteSource } from '../sqlite-source.ts';

interface Turn {
  tip: string;
  time: Date | undefined;
  model: string | undefined;
  options: JsonObject;
  usage: HistoryNode['usage'];
}

/** The threads of llm 0.32 and newer: a tree of messages, each named by a hash of all up to it. */
export class LlmThreads {
  /** By their ids. */
  readonly threads = new Map<string, JsonObject>();
  readonly #tipsOf = new Map<string, string[]>();
  readonly #byTip = new Map<string, Turn>();
  readonly #byInput = new Map<string, Turn>();

  /** Messages have no time of their own: each gets that of the first turn with it. */
  static async read(source: SqliteSource): Promise<LlmThreads> {
    const all = new LlmThreads();
    for (const thread of await source.rowsIn('threads', 'order by id')) {
      all.threads.set(textIn(thread, 'id') ?? '', thread);
    }
    if (!source.tables.has('turns')) return all;
    for await (const row of source.each('select * from turns order by id')) all.#addTurn(row);
    return all;
  }

  #addTurn(row: JsonObject): void {
    const turn: Turn = {
      tip: textIn(row, 'tip_message_hash') ?? '',
      time: utcTimeIn(row, 'datetime_utc'),
      model: textIn(row, 'resolved_model') ?? textIn(row, 'model'),
      options: asRecord(parseJson(textIn(row, 'options_json') ?? '')),
      usage: usageOf({
        inputTokens: countIn(row, 'input_tokens'),
        outputTokens: countIn(row, 'output_tokens'),
      }),
    };
    const threadId = textIn(row, 'thread_id') ?? '';
    const tips = this.#tipsOf.get(threadId);
    if (tips) tips.push(turn.tip);
    else this.#tipsOf.set(threadId, [turn.tip]);
    if (!this.#byTip.has(turn.tip)) this.#byTip.set(turn.tip, turn);
    const input = textIn(row, 'parent_message_hash') ?? '';
    if (!this.#byInput.has(input)) this.#byInput.set(input, turn);
  }

  async toHistory(
    source: SqliteSource,
    threadId: string,
    id: string,
    skip: Skip,
  ): Promise<History | null> {
    const thread = this.threads.get(threadId) ?? {};
    const tip = textIn(thread, 'tip_message_hash') ?? '';
    const tree = new Tree();
    for (const end of new Set([...(this.#tipsOf.get(threadId) ?? []), tip])) {
      if (end !== '') await this.#addPath(source, end, tree, skip);
    }
    if (tree.nodes.length === 0) return null;
    const forkedFrom = textIn(thread, 'forked_from');
    return {
      ...{ id, title: textIn(thread, 'name') ?? null },
      createdAt: utcTimeIn(thread, 'datetime_utc') ?? tree.nodes[0]?.createdAt ?? new Date(0),
      model: tree.nodes.findLast(({ model }) => model !== undefined)?.model,
      systemPrompt: tree.systemPrompt,
      metadata: { ...(forkedFrom !== undefined && { forkedFrom }) },
      nodes: tree.nodes,
      activeId: tree.nodeOf.get(tip) ?? null,
    };
  }

  async #addPath(source: SqliteSource, end: string, tree: Tree, skip: Skip): Promise<void> {
    const path: JsonObject[] = [];
    const seen = new Set<string>();
    for (let hash: string | undefined = end; hash !== undefined && !tree.nodeOf.has(hash);) {
      const [message]: JsonObject[] = await source.rowsIn('messages', 'where hash = ?', hash);
      if (!message || seen.has(hash)) {
        skip(`message ${hash}`, message ? 'is its own ancestor' : 'is missing', true);
        break;
      }
      seen.add(hash);
      path.push(message);
      hash = textIn(message, 'parent_hash');
    }
    path.reverse();
    // The first question may begin other threads, too: its time is that of its answer in this thread.
    const firstAnswer = path.find((message) => this.#byTip.has(textIn(message, 'hash') ?? ''));
    let time = this.#byTip.get(textIn(firstAnswer ?? {}, 'hash') ?? '')?.time;
    let isAnswered = tree.nodes.length > 0;
    for (const message of path) {
      const hash = textIn(message, 'hash') ?? '';
      const turn = this.#byTip.get(hash);
      if (turn) isAnswered = true;
      const input = isAnswered ? this.#byInput.get(hash) : undefined;
      time = turn?.time ?? input?.time ?? time;
      const parts = await partsOf(source, message, tree.calls);
      const { options } = this.#byInput.get(hash) ?? { options: {} };
      if (Object.keys(options).length > 0) parts.push(rawPart('options', options));
      tree.add(message, parts, time, turn);
    }
  }
}

class Tree {
  readonly nodes: HistoryNode[] = [];
  /** The node that ends a message. */
  readonly nodeOf = new Map<string, string | null>();
  readonly calls = new CallPairs();
  systemPrompt: string | undefined;

  add(message: JsonObject, parts: HistoryPart[], time: Date | undefined, turn?: Turn): void {
    const hash = textIn(message, 'hash') ?? '';
    let parentId = this.nodeOf.get(textIn(message, 'parent_hash') ?? '') ?? null;
    const role = textIn(message, 'role');
    if (role === 'system' && this.systemPrompt === undefined) {
      this.systemPrompt = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
      this.nodeOf.set(hash, parentId);
      return;
    }
    if (role === 'system')
      for (const part of parts) if (part.type === 'text') part.isInjected = true;
    const messages =
      role === 'tool'
        ? [{ role: 'tool' as const, parts }]
        : splitResults(role === 'assistant' ? 'assistant' : 'user', parts);
    for (const [index, split] of messages.entries()) {
      const id = String(this.nodes.length);
      const createdAt = time ?? this.nodes.at(-1)?.createdAt ?? new Date(0);
      const node: HistoryNode = { ...split, id, parentId, createdAt, key: `${hash} ${index}` };
      if (node.role === 'assistant' && turn) node.model = turn.model;
      if (index === messages.length - 1 && turn?.usage) node.usage = turn.usage;
      this.nodes.push(node);
      parentId = id;
    }
    this.nodeOf.set(hash, parentId);
  }
}

async function partsOf(
  source: SqliteSource,
  message: JsonObject,
  calls: CallPairs,
): Promise<HistoryPart[]> {
  const hash = textIn(message, 'hash') ?? '';
  const rows = await source.rowsIn('parts', 'where message_hash = ? order by position, id', hash);
  const parts: HistoryPart[] = [];
  for (const row of rows) parts.push(...(await toParts(source, row, calls)));
  const metadata = parseJson(textIn(message, 'provider_metadata') ?? '');
  if (metadata !== undefined) parts.push(rawPart('provider_metadata', metadata));
  return parts;
}

async function toParts(
  source: SqliteSource,
  row: JsonObject,
  calls: CallPairs,
): Promise<HistoryPart[]> {
  const type = textIn(row, 'type') ?? 'part';
  const text = textIn(row, 'text');
  const payload = asRecord(parseJson(textIn(row, 'payload') ?? ''));
  const id = countIn(row, 'id');
  const callId = textIn(payload, 'tool_call_id');
  const name = textIn(payload, 'name') ?? textIn(row, 'tool_name');
  const attachments = await attachmentsOf(source, 'part_attachments', 'part_id', id);
  switch (type) {
    case 'text': {
      const references = listIn(payload, 'text_ref').map(asRecord);
      if (text === undefined && references.length > 0) return joinTexts(source, id, references);
      return text === undefined ? [rawPart(type, payload)] : [{ type, text }];
    }
    case 'reasoning':
      return text ? [{ type, text }] : [rawPart(type, payload)];
    case 'tool_call':
      return [toCall(calls.call(callId, name ?? ''), name ?? '', payload.arguments)];
    case 'tool_result': {
      const output = textIn(payload, 'output') ?? text;
      const exception = textIn(payload, 'exception');
      return [resultPart(calls.result(callId, name), output, exception), ...attachments];
    }
    case 'attachment':
      return attachments.length > 0 ? attachments : [rawPart(type, payload)];
    default:
      return [rawPart(type, { ...payload, ...(text !== undefined && { text }) })];
  }
}

/** A text that is made of fragments, which llm put before what the user wrote. */
async function joinTexts(
  source: SqliteSource,
  partId: number,
  references: readonly JsonObject[],
): Promise<HistoryPart[]> {
  const fragments = await fragmentsOf(source, 'part_fragments', 'part_id', partId);
  return references.map((reference) => {
    const literal = textIn(reference, 'literal');
    if (literal !== undefined) return { type: 'text', text: literal };
    const fragment = fragments.shift();
    if (fragment === undefined) return rawPart('text_ref', reference);
    return { type: 'text', text: fragment, isInjected: true };
  });
}
