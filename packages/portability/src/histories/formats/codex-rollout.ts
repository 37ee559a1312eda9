import type { JsonObject, JsonValue } from '@synapse/core';
import { CodexEvents } from './codex-events.ts';
import { rawPart } from '../content-blocks.ts';
import type { HistoryNode, HistoryPart, Skip } from '../history.ts';
import { asRecord, countIn, listIn, recordIn, textIn, timeIn, usageOf } from '../json-values.ts';
import type { PartSpool } from '../part-spool.ts';
import { fromDataUrl, parseJson, textOfBlocks } from '../tool-values.ts';

/** Text that Codex writes into the messages of the user. */
const INJECTED =
  /^\s*(<(environment_context|user_instructions|permissions|skills|turn_aborted|image name=)|<[/]image>|# AGENTS\.md)/;

/** Events about the state of Codex. */
const STATE = /^(thread_settings_applied|session_configured|context_compacted)$/;

/** Makes messages of response items; events repeat these items, and report how turns end. */
export class Rollout {
  nodes: HistoryNode[] = [];
  title: string | undefined;
  /** The thread of which a fork holds the messages. */
  copiedFromId: string | undefined;
  meta: JsonObject = {};
  model: string | undefined;
  workingDirectory: string | undefined;
  readonly #names = new Map<string, string>();
  readonly #events: CodexEvents;
  readonly #spool: PartSpool;
  /** The messages that were not taken back. */
  readonly #path: HistoryNode[] = [];
  /** The places of the prompts of the user in it. */
  readonly #prompts: number[] = [];
  #nodeCount = 0;
  #total = '';
  /** The size of the line that is read. */
  #byteLength = 0;

  constructor(spool: PartSpool) {
    this.#spool = spool;
    this.#events = new CodexEvents(spool);
  }

  /** The last message that was not taken back. */
  get tip(): HistoryNode | null {
    return this.#path.at(-1) ?? null;
  }

  /** False for a record of an unknown kind. */
  add(record: JsonObject, byteLength: number): boolean {
    this.#byteLength = byteLength;
    const type = textIn(record, 'type');
    const payload = recordIn(record, 'payload');
    switch (type) {
      case undefined:
        // The first line of old files, and their notes about state.
        if (textIn(record, 'id') !== undefined) this.meta = record;
        return true;
      case 'session_meta':
        // A fork repeats the record of its parent after its own.
        if (Object.keys(this.meta).length === 0) this.meta = payload;
        else this.copiedFromId = textIn(payload, 'id') ?? this.copiedFromId;
        return true;
      case 'turn_context':
        this.model = textIn(payload, 'model') ?? this.model;
        this.workingDirectory ??= textIn(payload, 'cwd');
        return true;
      case 'event_msg':
        this.#addEvent(payload);
        return true;
      case 'response_item':
        this.#addItem(payload, timeIn(record, 'timestamp'));
        return true;
      case 'compacted':
        this.#push('assistant', [rawPart('compacted', payload)], record);
        return true;
      default:
        if (isItem(type)) this.#addItem(record, undefined);
        // The same figures come as an event.
        else if (type === 'token_usage_record') return true;
        else if (type === 'inter_agent_communication')
          this.#events.add(record, byteLength, this.tip);
        else if (/^(world_state|inter_agent_communication_metadata|state)/.test(type))
          this.#events.leaveOut(type);
        else return false;
        return true;
    }
  }

  finish(skip: Skip): void {
    this.#events.finish(this.nodes, skip);
    if (this.nodes.length === 0) skip('file', 'has no messages');
  }

  /** What a fork takes over: the turns that were taken back stay in the session before it. */
  endBase(): void {
    this.nodes = [...this.#path];
  }

  /** Continues before the last turns, so that these become a branch. */
  #rollBack(count: number): void {
    const left = Math.max(0, this.#prompts.length - count);
    const [first] = this.#prompts.splice(left);
    if (first !== undefined) this.#path.length = first;
  }

  #addEvent(event: JsonObject): void {
    const type = textIn(event, 'type') ?? '';
    if (/^(task|turn)_started$/.test(type)) return;
    if (type === 'token_count') this.#count(event);
    else if (/^(task|turn)_complete/.test(type)) this.#endAnswer();
    else if (type === 'turn_aborted') this.#endAnswer({ isInterrupted: true });
    else if (type === 'thread_rolled_back') this.#rollBack(countIn(event, 'num_turns'));
    else if (type === 'thread_name_updated')
      this.title = textIn(event, 'thread_name') ?? this.title;
    else if (STATE.test(type)) this.#events.leaveOut(type);
    else this.#events.add(event, this.#byteLength, this.tip);
  }

  #endAnswer(end: Pick<HistoryNode, 'isInterrupted'> = {}): void {
    if (this.tip?.role === 'assistant') Object.assign(this.tip, { isOpen: false, ...end });
  }

  #count(event: JsonObject): void {
    const info = recordIn(event, 'info');
    const total = JSON.stringify(info.total_token_usage ?? null);
    const last = recordIn(info, 'last_token_usage');
    const answer = this.nodes.findLast(({ role }) => role === 'assistant');
    // Codex repeats an event with the same totals.
    if (total === this.#total || !answer) return;
    this.#total = total;
    const before = answer.usage;
    answer.usage = usageOf({
      inputTokens: (before?.inputTokens ?? 0) + countIn(last, 'input_tokens'),
      outputTokens: (before?.outputTokens ?? 0) + countIn(last, 'output_tokens'),
      cacheReadTokens: (before?.cacheReadTokens ?? 0) + countIn(last, 'cached_input_tokens'),
      reasoningTokens: (before?.reasoningTokens ?? 0) + countIn(last, 'reasoning_output_tokens'),
    });
  }

  #addItem(item: JsonObject, at: Date | undefined): void {
    const type = textIn(item, 'type') ?? '';
    const callId = textIn(item, 'call_id') ?? textIn(item, 'id');
    for (const id of [callId, textIn(item, 'id')]) if (id !== undefined) this.#events.addId(id);
    if (type === 'message' || (type === '' && textIn(item, 'role') !== undefined))
      this.#addMessage(item, at);
    else if (type === 'reasoning') {
      const texts = [...listIn(item, 'summary'), ...listIn(item, 'content')].map(
        (piece) => textIn(asRecord(piece), 'text') ?? '',
      );
      for (const text of texts) this.#events.addText(text);
      this.#push(
        'assistant',
        [{ type: 'reasoning', text: texts.filter(Boolean).join('\n\n') }],
        item,
        at,
      );
    } else if (callId !== undefined && type.endsWith('_call_output')) {
      this.#push('tool', this.#toResult(callId, item.output ?? ''), item, at);
    } else if (callId !== undefined && /^(function|custom_tool|local_shell)_call$/.test(type)) {
      this.#push('assistant', [this.#toCall(callId, type, item)], item, at);
    } else this.#push('assistant', [rawPart(type, item)], item, at);
  }

  #addMessage(item: JsonObject, at: Date | undefined): void {
    const role = textIn(item, 'role');
    const parts = listIn(item, 'content').map((content): HistoryPart => {
      const piece = asRecord(content);
      const text = textIn(piece, 'text');
      if (text === undefined)
        return toImage(piece) ?? rawPart(textIn(piece, 'type') ?? 'content', content);
      const isNote = role !== 'assistant' && (role !== 'user' || INJECTED.test(text));
      return { type: 'text', text, ...(isNote && { isInjected: true as const }) };
    });
    this.#push(role === 'assistant' ? 'assistant' : 'user', parts, item, at);
  }

  #toCall(id: string, type: string, item: JsonObject): HistoryPart {
    const name = textIn(item, 'name') ?? type.replace(/_call$/, '');
    this.#names.set(id, name);
    const text = textIn(item, 'arguments') ?? textIn(item, 'input');
    if (text === undefined) return { type: 'tool-call', id, name, input: recordIn(item, 'action') };
    const given = parseJson(text);
    const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
    // The input of a custom tool is plain text.
    return { type: 'tool-call', id, name, input: isObject ? given : { input: text } };
  }

  #toResult(id: string, output: JsonValue): HistoryPart[] {
    const name = this.#names.get(id) ?? '';
    const images: HistoryPart[] = [];
    const rest: JsonValue[] = [];
    for (const block of Array.isArray(output) ? output : []) {
      const image = toImage(asRecord(block));
      if (image) images.push(image);
      else rest.push(block);
    }
    const text = textOfBlocks(Array.isArray(output) ? rest : output);
    const isError = (exitCodeOf(text) ?? 0) !== 0;
    return [{ type: 'tool-result', id, name, output: text, isError }, ...images];
  }

  /** Items of one answer become one message, as do the results that follow it. */
  #push(role: HistoryNode['role'], parts: HistoryPart[], item: JsonObject, at?: Date): void {
    for (const part of parts) if ('text' in part) this.#events.addText(part.text);
    const last = this.tip;
    if (last?.role === role && role !== 'user') {
      this.#spool.add(last, parts, this.#byteLength);
      return;
    }
    const createdAt = at ?? last?.createdAt ?? timeIn(this.meta, 'timestamp') ?? new Date(0);
    const key = textIn(item, 'id') ?? textIn(item, 'call_id');
    const id = String((this.#nodeCount += 1));
    const node = this.#spool.node({ id, parentId: last?.id ?? null, role, createdAt });
    this.#spool.add(node, parts, this.#byteLength);
    if (key !== undefined) node.key = `${role} ${key}`;
    if (role === 'assistant') {
      const provider = textIn(this.meta, 'model_provider') ?? 'openai';
      Object.assign(node, { isOpen: true, model: this.model, provider });
    }
    if (role === 'user' && !parts.every(isInjected)) this.#prompts.push(this.#path.length);
    this.nodes.push(node);
    this.#path.push(node);
  }
}

/** Only the outermost fields count: the output itself may contain anything. */
function exitCodeOf(text: string): number | undefined {
  if (text.startsWith('{')) {
    const { exit_code } = recordIn(asRecord(parseJson(text)), 'metadata');
    return typeof exit_code === 'number' ? exit_code : undefined;
  }
  const head = /^(Exit code: |(.*\n){0,2}Process exited with code )(-?\d+)/.exec(
    text.slice(0, 500),
  );
  return head ? Number(head[3]) : undefined;
}

function isInjected(part: HistoryPart): boolean {
  return part.type === 'text' && part.isInjected === true;
}

function isItem(type: string): boolean {
  return /^(message|reasoning|compaction|ghost_snapshot|.*_call(_output)?)$/.test(type);
}

function toImage(piece: JsonObject): HistoryPart | null {
  return fromDataUrl(textIn(piece, 'image_url') ?? '', null);
}
