import {
  isJsonObject,
  type FinishReason,
  type JsonObject,
  type Replay,
  type StreamEvent,
  type ToolCallPart,
  type TurnEnd,
  type Usage,
} from '@synapse/core';
import {
  noUsage,
  toArguments,
  type AnswerHead,
  type AnswerWriter,
  type ServerEvent,
} from '../answer-writer.ts';
import { toAnthropicError } from '../anthropic-error.ts';

const STOP_REASONS: Record<FinishReason['unified'], string> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
  refusal: 'refusal',
  unknown: 'end_turn',
};

interface Block {
  kind: 'text' | 'thinking' | 'call';
  start: JsonObject;
  /** The deltas that could not be sent yet. */
  waiting: JsonObject[];
  /** The arguments of a call so far. */
  input: string;
  isClosed: boolean;
}

/**
 * Writes an answer as the events of the Messages API. There, blocks follow each other, whereas the
 * calls of an answer may overlap: a block waits until the one before it is complete.
 */
export class MessagesWriter implements AnswerWriter {
  readonly #head: AnswerHead;
  /** The first block is on the wire, the others wait. */
  readonly #blocks: Block[] = [];
  readonly #calls = new Map<string, Block>();
  #index = 0;
  #isOpen = false;
  #hasBegun = false;
  #usage: Usage | null = null;
  #turnEnd: TurnEnd | null = null;

  constructor(head: AnswerHead) {
    this.#head = head;
  }

  write(event: StreamEvent): ServerEvent[] {
    if (event.type === 'started' || event.type === 'notice') return [];
    if (event.type === 'usage') this.#usage = event.usage;
    if (event.type === 'turn-end') this.#turnEnd = event;
    if (event.type === 'usage' || event.type === 'turn-end') return [];
    this.#read(event);
    return [...this.#begin(), ...this.#flush()];
  }

  end(): ServerEvent[] {
    for (const block of this.#blocks) block.isClosed = true;
    const usage = this.#turnEnd?.usage ?? this.#usage;
    const delta = toStop(this.#turnEnd?.finishReason ?? null);
    return [
      ...this.#begin(),
      ...this.#flush(),
      event('message_delta', { delta, usage: toMessagesUsage(usage) }),
      event('message_stop', {}),
    ];
  }

  fail(error: unknown): ServerEvent[] {
    return [{ event: 'error', data: toAnthropicError(error).body }];
  }

  #begin(): ServerEvent[] {
    if (this.#hasBegun) return [];
    this.#hasBegun = true;
    const { id, model } = this.#head;
    const message = {
      ...{ id: `msg_${id}`, type: 'message', role: 'assistant', model, content: [] },
      ...{ stop_reason: null, stop_sequence: null },
      usage: toMessagesUsage(this.#usage),
    };
    return [event('message_start', { message }), event('ping', {})];
  }

  #read(streamed: StreamEvent): void {
    switch (streamed.type) {
      case 'text-delta':
        this.#blockOf('text').waiting.push({ type: 'text_delta', text: streamed.text });
        break;
      case 'reasoning-delta':
        this.#blockOf('thinking').waiting.push({ type: 'thinking_delta', thinking: streamed.text });
        break;
      case 'reasoning-end':
        this.#endThinking(streamed.replay);
        break;
      case 'text-end':
        this.#closeLast();
        break;
      case 'tool-call-start':
        this.#startCall(streamed.id, streamed.name);
        break;
      case 'tool-call-delta':
        grow(this.#calls.get(streamed.id), streamed.inputText);
        break;
      case 'tool-call':
        this.#endCall(streamed);
        break;
      default:
        break;
    }
  }

  /** The block that grows; what came before it is complete, unless it is a call. */
  #blockOf(kind: 'text' | 'thinking'): Block {
    const last = this.#blocks.at(-1);
    if (last?.kind === kind && !last.isClosed) return last;
    const start =
      kind === 'text'
        ? { type: 'text', text: '' }
        : { type: 'thinking', thinking: '', signature: '' };
    return this.#push({ kind, start, waiting: [], input: '', isClosed: false });
  }

  #push(block: Block): Block {
    this.#closeLast();
    this.#blocks.push(block);
    return block;
  }

  /** A call is only known to be complete when all its arguments are. */
  #closeLast(): void {
    const last = this.#blocks.at(-1);
    if (last && last.kind !== 'call') last.isClosed = true;
  }

  #endThinking(replay: Replay | null): void {
    const data = replay?.dialect === 'anthropic' && isJsonObject(replay.data) ? replay.data : {};
    if (data.type === 'redacted_thinking') {
      const start = { type: 'redacted_thinking', data: data.data ?? '' };
      this.#push({ kind: 'thinking', start, waiting: [], input: '', isClosed: true });
      return;
    }
    const { signature } = data;
    const isSigned = typeof signature === 'string' && signature !== '';
    const last = this.#blocks.at(-1);
    const isThinking = last?.kind === 'thinking' && !last.isClosed;
    if (!isThinking && !isSigned) return;
    const block = this.#blockOf('thinking');
    if (isSigned) block.waiting.push({ type: 'signature_delta', signature });
    block.isClosed = true;
  }

  #startCall(id: string, name: string): Block {
    const start = { type: 'tool_use', id, name, input: {} };
    const block = this.#push({ kind: 'call', start, waiting: [], input: '', isClosed: false });
    this.#calls.set(id, block);
    return block;
  }

  #endCall(call: ToolCallPart): void {
    const block = this.#calls.get(call.id) ?? this.#startCall(call.id, call.name);
    if (block.input === '') grow(block, toArguments(call));
    block.isClosed = true;
  }

  #flush(): ServerEvent[] {
    const events: ServerEvent[] = [];
    for (let block = this.#blocks[0]; block; block = this.#blocks[0]) {
      const index = this.#index;
      if (!this.#isOpen) {
        this.#isOpen = true;
        events.push(event('content_block_start', { index, content_block: block.start }));
      }
      for (const delta of block.waiting.splice(0)) {
        events.push(event('content_block_delta', { index, delta }));
      }
      if (!block.isClosed) break;
      events.push(event('content_block_stop', { index }));
      this.#blocks.shift();
      this.#index += 1;
      this.#isOpen = false;
    }
    return events;
  }
}

function grow(block: Block | undefined, partial_json: string): void {
  if (!block) return;
  block.input += partial_json;
  block.waiting.push({ type: 'input_json_delta', partial_json });
}

function event(type: string, fields: object): ServerEvent {
  return { event: type, data: { type, ...fields } };
}

export function toStop(finishReason: FinishReason | null): JsonObject {
  return { stop_reason: STOP_REASONS[finishReason?.unified ?? 'stop'], stop_sequence: null };
}

export function toMessagesUsage(usage: Usage | null): JsonObject {
  const counts = usage ?? noUsage;
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = counts;
  return {
    input_tokens: Math.max(0, inputTokens - cacheReadTokens - cacheWriteTokens),
    cache_creation_input_tokens: cacheWriteTokens,
    cache_read_input_tokens: cacheReadTokens,
    output_tokens: outputTokens,
  };
}
