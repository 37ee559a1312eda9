import type { StreamEvent, Usage, FinishReason } from '@synapse/core';
import {
  CallIds,
  fromErrorBody,
  toRecord,
  toText,
  type AnswerReader,
  type EventData,
  type ProviderContext,
  toTokenCount,
} from '@synapse/provider-http';
import { openBlock, type Block } from './anthropic-block.ts';

/** Reads one answer of the Messages API. */
export class AnthropicReader implements AnswerReader {
  /** Only `message_stop` means that the answer is complete. */
  readonly isComplete = false;
  readonly #context: ProviderContext;
  readonly #callIds = new CallIds();
  readonly #blocks = new Map<unknown, Block>();
  readonly #closed: Block[] = [];
  #model: string;
  #usage: Record<string, unknown> = {};
  #stopReason: string | null = null;

  /** `model` is the requested model, for servers that don't report which one answers. */
  constructor(context: ProviderContext, model: string) {
    this.#context = context;
    this.#model = model;
  }

  read(event: EventData, name: string | null): StreamEvent[] {
    switch (event.type ?? name) {
      case 'message_start': {
        const message = toRecord(event.message);
        this.#model = toText(message.model) || this.#model;
        return [{ type: 'started', model: this.#model }, ...this.#addUsage(message.usage)];
      }
      case 'content_block_start':
        return this.#start(event.index, toRecord(event.content_block));
      case 'content_block_delta':
        return this.#blocks.get(event.index)?.read(toRecord(event.delta)) ?? [];
      case 'content_block_stop':
        return this.#stop(event.index);
      case 'message_delta':
        return [...this.#addUsage(event.usage), ...this.#readEnd(toRecord(event.delta))];
      case 'message_stop':
        return this.#endTurn();
      case 'error':
        throw fromErrorBody({ body: event }, this.#context);
      default:
        return [];
    }
  }

  join(event: EventData, next: EventData): boolean {
    if (event.index !== next.index) return false;
    const [delta, more] = [toTextDelta(event), toTextDelta(next)];
    if (!delta || !more) return false;
    delta.text += more.text;
    return true;
  }

  end(): StreamEvent[] {
    return [];
  }

  #start(index: unknown, content: Record<string, unknown>): StreamEvent[] {
    const replaced = this.#stop(index);
    const block = openBlock(content, this.#callIds);
    if (block === undefined) return replaced;
    this.#blocks.set(index, block);
    return [...replaced, ...block.start()];
  }

  #stop(index: unknown): StreamEvent[] {
    const block = this.#blocks.get(index);
    if (block === undefined) return [];
    this.#blocks.delete(index);
    this.#closed.push(block);
    return block.stop();
  }

  #readEnd(delta: Record<string, unknown>): StreamEvent[] {
    if (typeof delta.stop_reason === 'string') this.#stopReason = delta.stop_reason;
    const explanation = toText(toRecord(delta.stop_details).explanation).toWellFormed();
    return explanation === '' ? [] : [{ type: 'notice', text: explanation }];
  }

  #endTurn(): StreamEvent[] {
    const rest = [...this.#blocks.keys()].flatMap((index) => this.#stop(index));
    const stopReason = toFinishReason(this.#stopReason);
    // Only at this point is it known whether the answer was cut off in the middle of the arguments.
    const isWhole = stopReason.unified !== 'length';
    const calls = this.#closed.flatMap((block) => block.call(isWhole));
    // Some compatible servers report every end as end_turn.
    const isCalling = calls.length > 0 && stopReason.unified === 'stop';
    return [
      ...rest,
      ...calls,
      {
        type: 'turn-end',
        finishReason: isCalling ? { ...stopReason, unified: 'tool-calls' } : stopReason,
        usage: fromAnthropicUsage(this.#usage),
        model: this.#model,
      },
    ];
  }

  /** The figures are running totals; the latest valid number counts. */
  #addUsage(added: unknown): StreamEvent[] {
    for (const [name, value] of Object.entries(toRecord(added))) {
      if (value !== null) this.#usage[name] = value;
    }
    const usage = fromAnthropicUsage(this.#usage);
    return usage ? [{ type: 'usage', usage }] : [];
  }
}

function toTextDelta({ type, delta }: EventData): { text: string } | undefined {
  if (type !== 'content_block_delta') return undefined;
  const { type: kind, text } = toRecord(delta);
  return kind === 'text_delta' && typeof text === 'string'
    ? (delta as { text: string })
    : undefined;
}

/** Null if the two essential figures are missing. */
function fromAnthropicUsage(usage: Record<string, unknown>): Usage | null {
  const uncached = toTokenCount(usage.input_tokens);
  const outputTokens = toTokenCount(usage.output_tokens);
  if (uncached === undefined || outputTokens === undefined) return null;
  const cacheReadTokens = toTokenCount(usage.cache_read_input_tokens) ?? 0;
  const cacheWriteTokens = toTokenCount(usage.cache_creation_input_tokens) ?? 0;
  return {
    inputTokens: uncached + cacheReadTokens + cacheWriteTokens,
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    reasoningTokens: toTokenCount(toRecord(usage.output_tokens_details).thinking_tokens) ?? 0,
    estimated: false,
  };
}

const UNIFIED = new Map<string | null, FinishReason['unified']>([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'],
  ['refusal', 'refusal'],
]);

function toFinishReason(raw: string | null): FinishReason {
  return { unified: UNIFIED.get(raw) ?? 'unknown', raw };
}
