import type { JsonObject, JsonValue } from '@synapse/core';
import { rawPart } from './content-blocks.ts';
import type { HistoryFormat, HistoryNode, HistoryPart } from './history.ts';
import { readJsonLines } from './json-lines.ts';
import { asRecord, countIn, listIn, recordIn, textIn, timeIn, usageOf } from './json-values.ts';

/** Text that Codex writes into the messages of the user. */
const INJECTED =
  /^\s*(<(environment_context|user_instructions|permissions|skills|turn_aborted|image name=)|<[/]image>|# AGENTS\.md)/;

/** The rollouts of Codex: `sessions/YYYY/MM/DD/rollout-<time>-<id>.jsonl`. */
export const codex: HistoryFormat = {
  tool: 'codex',

  detects: ({ path }, beginning) =>
    path.endsWith('.jsonl') &&
    (/"type" ?: ?"(session_meta|response_item|turn_context|event_msg)"/.test(beginning) ||
      /^\uFEFF?\{[^\n]*"id"[^\n]*"instructions"/.test(beginning)),

  async *read(file, skip) {
    const rollout = new Rollout();
    for await (const { number, record } of readJsonLines(file, skip)) {
      if (!rollout.add(record)) skip(`line ${number}`, 'is of no known kind', true);
    }
    if (rollout.nodes.length === 0) return;
    const { meta } = rollout;
    const version = textIn(meta, 'cli_version');
    const base = recordIn(meta, 'history_base');
    const forkedFrom = textIn(meta, 'forked_from_id') ?? textIn(base, 'thread_id');
    if (textIn(base, 'thread_id') !== undefined) {
      skip('line 1', `continues ${forkedFrom}: the messages before are in that session`);
    }
    yield {
      id: textIn(meta, 'id') ?? /([0-9a-f-]{36})\.jsonl$/.exec(file.path)?.[1] ?? file.path,
      title: null,
      createdAt: timeIn(meta, 'timestamp') ?? rollout.nodes[0]?.createdAt ?? file.modifiedAt,
      workingDirectory: textIn(meta, 'cwd') ?? rollout.workingDirectory,
      model: rollout.model,
      provider: textIn(meta, 'model_provider') ?? 'openai',
      metadata: { ...(version && { version }), ...(forkedFrom && { forkedFrom }) },
      nodes: rollout.nodes,
    };
  },
};

/** Makes messages of response items; events repeat these items, and only their figures are used. */
class Rollout {
  readonly nodes: HistoryNode[] = [];
  meta: JsonObject = {};
  model: string | undefined;
  workingDirectory: string | undefined;
  readonly #names = new Map<string, string>();
  #total = '';

  /** False for a record of an unknown kind. */
  add(record: JsonObject): boolean {
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
        if (/^(world_state|inter_agent_communication|token_usage_record|state)/.test(type))
          return true;
        if (!isItem(type)) return false;
        this.#addItem(record, undefined);
        return true;
    }
  }

  #addEvent(event: JsonObject): void {
    const ended = this.nodes.at(-1);
    if (ended && /^(task|turn)_complete/.test(textIn(event, 'type') ?? '')) ended.isOpen = false;
    const info = recordIn(event, 'info');
    const total = JSON.stringify(info.total_token_usage ?? null);
    const last = recordIn(info, 'last_token_usage');
    const answer = this.nodes.findLast(({ role }) => role === 'assistant');
    // Codex repeats an event with the same totals.
    if (textIn(event, 'type') !== 'token_count' || total === this.#total || !answer) return;
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
    if (type === 'message') this.#addMessage(item, at);
    else if (type === 'reasoning') {
      const texts = [...listIn(item, 'summary'), ...listIn(item, 'content')].map(
        (piece) => textIn(asRecord(piece), 'text') ?? '',
      );
      this.#push(
        'assistant',
        [{ type: 'reasoning', text: texts.filter(Boolean).join('\n\n') }],
        item,
        at,
      );
    } else if (callId !== undefined && type.endsWith('_call_output')) {
      this.#push('tool', [this.#toResult(callId, item.output ?? '')], item, at);
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
      const isInjected = role !== 'assistant' && (role !== 'user' || INJECTED.test(text));
      return { type: 'text', text, ...(isInjected && { isInjected: true as const }) };
    });
    this.#push(role === 'assistant' ? 'assistant' : 'user', parts, item, at);
  }

  #toCall(id: string, type: string, item: JsonObject): HistoryPart {
    const name = textIn(item, 'name') ?? type.replace(/_call$/, '');
    this.#names.set(id, name);
    const text = textIn(item, 'arguments') ?? textIn(item, 'input');
    if (text === undefined) return { type: 'tool-call', id, name, input: recordIn(item, 'action') };
    try {
      const input: unknown = JSON.parse(text);
      if (typeof input === 'object' && input !== null && !Array.isArray(input)) {
        return { type: 'tool-call', id, name, input: input as JsonObject };
      }
    } catch {
      // The input of a custom tool is plain text.
    }
    return { type: 'tool-call', id, name, input: { input: text } };
  }

  #toResult(id: string, output: JsonValue): HistoryPart {
    const name = this.#names.get(id) ?? '';
    const code = /"exit_code" ?: ?(-?\d+)|^Exit code: (-?\d+)/m.exec(
      JSON.stringify(output).replaceAll('\\"', '"'),
    );
    const isError = code !== null && (code[1] ?? code[2]) !== '0';
    const text = typeof output === 'string' ? output : JSON.stringify(output);
    return { type: 'tool-result', id, name, output: text, isError };
  }

  /** Items of one answer become one message, as do the results that follow it. */
  #push(role: HistoryNode['role'], parts: HistoryPart[], item: JsonObject, at?: Date): void {
    const last = this.nodes.at(-1);
    if (last?.role === role && role !== 'user') {
      last.parts.push(...parts);
      return;
    }
    const createdAt = at ?? last?.createdAt ?? timeIn(this.meta, 'timestamp') ?? new Date(0);
    const key = textIn(item, 'id') ?? textIn(item, 'call_id');
    const isAnswer = role === 'assistant';
    const node: HistoryNode = {
      id: String(this.nodes.length),
      parentId: last?.id ?? null,
      ...{ role, parts, createdAt },
    };
    if (key !== undefined) node.key = `${role} ${key}`;
    if (isAnswer) node.isOpen = true;
    if (isAnswer)
      Object.assign(node, {
        model: this.model,
        provider: textIn(this.meta, 'model_provider') ?? 'openai',
      });
    this.nodes.push(node);
  }
}

function isItem(type: string): boolean {
  return /^(message|reasoning|compaction|ghost_snapshot|.*_call(_output)?)$/.test(type);
}

function toImage(piece: JsonObject): HistoryPart | null {
  const url = textIn(piece, 'image_url') ?? '';
  const data = /^data:(image\/[a-z0-9.+-]+);base64,/i.exec(url);
  if (!data?.[1]) return null;
  const bytes = Buffer.from(url.slice(data[0].length), 'base64');
  return { type: 'image', mediaType: data[1].toLowerCase(), name: null, bytes };
}
