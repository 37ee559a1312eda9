import type { StreamEvent, Usage, FinishReason } from '@synapse/core';
import {
  CallIds,
  fromErrorBody,
  toRecord,
  toRecords,
  toText,
  type AnswerReader,
  type EventData,
  type ProviderContext,
  toTokenCount,
} from '@synapse/provider-http';
import { openItem, type OutputItem } from './responses-item.ts';

/** Reads one answer of the Responses API. */
export class ResponsesReader implements AnswerReader {
  /** Only a terminal event means that the answer is complete. */
  readonly isComplete = false;
  readonly #context: ProviderContext;
  readonly #callIds = new CallIds();
  readonly #open = new Map<unknown, OutputItem>();
  readonly #calls: OutputItem[] = [];
  #model: string;
  #isRefusal = false;
  #sawItem = false;

  /** `model` is the requested model, for servers that don't report which one answers. */
  constructor(context: ProviderContext, model: string) {
    this.#context = context;
    this.#model = model;
  }

  read(event: EventData, name: string | null): StreamEvent[] {
    switch (event.type ?? name) {
      case 'response.created':
        this.#readModel(event);
        return [{ type: 'started', model: this.#model }];
      case 'response.output_item.added':
        return this.#start(event, toRecord(event.item));
      case 'response.output_item.done':
        return this.#stop(event);
      case 'response.completed':
      case 'response.incomplete':
        return this.#endTurn(toRecord(event.response));
      case 'response.failed':
      case 'error':
        throw fromErrorBody({ body: failureOf(event) }, this.#context);
      default:
        return this.#readDelta(event);
    }
  }

  join(event: EventData, next: EventData): boolean {
    const { type, delta } = next;
    if (type !== TEXT_DELTA || event.type !== TEXT_DELTA) return false;
    if (event.output_index !== next.output_index) return false;
    if (typeof event.delta !== 'string' || typeof delta !== 'string') return false;
    event.delta += delta;
    return true;
  }

  end(): StreamEvent[] {
    return [];
  }

  /** Some servers send everything at once, in the last event. */
  #readOutput(output: unknown): StreamEvent[] {
    return toRecords(output).flatMap((item, output_index) => this.#stop({ output_index, item }));
  }

  #start(event: EventData, item: Record<string, unknown>): StreamEvent[] {
    const opened = openItem(item, this.#callIds);
    if (opened === undefined) return [];
    this.#sawItem = true;
    this.#open.set(event.output_index, opened);
    if (opened.type === 'call') this.#calls.push(opened);
    return opened.start();
  }

  #stop(event: EventData): StreamEvent[] {
    const item = toRecord(event.item);
    const isOpen = this.#open.has(event.output_index);
    // Some servers send an item only when it is complete.
    const started = isOpen ? [] : this.#start(event, item);
    const opened = this.#open.get(event.output_index);
    this.#open.delete(event.output_index);
    return [...started, ...(opened?.stop(item) ?? [])];
  }

  #readDelta(event: EventData): StreamEvent[] {
    const item = this.#open.get(event.output_index);
    this.#readModel(event);
    if (event.type === 'response.refusal.delta') this.#isRefusal = true;
    if (!isDelta(toText(event.type))) return [];
    // Some servers send deltas without announcing the item.
    const isUnannounced = event.type === TEXT_DELTA && !item;
    const started = isUnannounced ? this.#start(event, { type: 'message' }) : [];
    return [...started, ...(this.#open.get(event.output_index)?.read(event) ?? [])];
  }

  #readModel(event: EventData): void {
    this.#model = toText(toRecord(event.response).model) || this.#model;
  }

  #endTurn(response: Record<string, unknown>): StreamEvent[] {
    const late = this.#sawItem ? [] : this.#readOutput(response.output);
    const incomplete = toText(toRecord(response.incomplete_details).reason);
    const isCut = incomplete !== '' || response.status === 'incomplete';
    const finishReason = toFinishReason(isCut ? incomplete || 'incomplete' : '', {
      hasCalls: this.#calls.length > 0,
      isRefusal: this.#isRefusal,
    });
    const rest = [...this.#open.values()].flatMap((item) => item.stop({}));
    return [
      ...late,
      ...rest,
      ...this.#calls.flatMap((item) => item.call(!isCut)),
      {
        type: 'turn-end',
        finishReason,
        usage: fromResponsesUsage(toRecord(response.usage)),
        model: toText(response.model) || this.#model,
      },
    ];
  }
}

const TEXT_DELTA = 'response.output_text.delta';
const DELTAS = new Set([
  TEXT_DELTA,
  'response.refusal.delta',
  'response.reasoning_summary_part.added',
  'response.reasoning_summary_text.delta',
  'response.reasoning_text.delta',
  'response.function_call_arguments.delta',
  'response.function_call_arguments.done',
]);

function isDelta(type: string): boolean {
  return DELTAS.has(type);
}

/** The failure is in the event or in its response, in an `error` field or next to it. */
function failureOf(event: EventData): unknown {
  const error = event.error ?? toRecord(event.response).error;
  return error === undefined || error === null ? event : { error };
}

/** Null if the two essential figures are missing. */
function fromResponsesUsage(usage: Record<string, unknown>): Usage | null {
  const inputTokens = toTokenCount(usage.input_tokens);
  const outputTokens = toTokenCount(usage.output_tokens);
  if (inputTokens === undefined || outputTokens === undefined) return null;
  const input = toRecord(usage.input_tokens_details);
  const output = toRecord(usage.output_tokens_details);
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens: toTokenCount(input.cached_tokens) ?? 0,
    cacheWriteTokens: toTokenCount(input.cache_write_tokens) ?? 0,
    reasoningTokens: toTokenCount(output.reasoning_tokens) ?? 0,
    estimated: false,
  };
}

const INCOMPLETE = new Map<string, FinishReason['unified']>([
  ['max_output_tokens', 'length'],
  ['content_filter', 'content-filter'],
]);

/** `incomplete` is the reason for an incomplete answer; empty for a complete one. */
function toFinishReason(
  incomplete: string,
  { hasCalls, isRefusal }: { hasCalls: boolean; isRefusal: boolean },
): FinishReason {
  if (incomplete !== '')
    return { unified: INCOMPLETE.get(incomplete) ?? 'unknown', raw: incomplete };
  const raw = 'completed';
  if (hasCalls) return { unified: 'tool-calls', raw };
  return { unified: isRefusal ? 'refusal' : 'stop', raw };
}
