import type { FinishReason, JsonObject, StreamEvent, TurnEnd, Usage } from '@synapse/core';
import {
  noUsage,
  toArguments,
  toSeconds,
  type AnswerHead,
  type AnswerWriter,
  type ServerEvent,
} from '../answer-writer.ts';
import { toOpenAiError } from '../openai-error.ts';

const FINISH_REASONS: Record<FinishReason['unified'], string> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  refusal: 'content_filter',
  unknown: 'stop',
};

interface Call {
  index: number;
  hasInput: boolean;
}

/** Writes an answer as the chunks of Chat Completions. */
export class ChatWriter implements AnswerWriter {
  readonly #head: AnswerHead;
  readonly #includesUsage: boolean;
  readonly #calls = new Map<string, Call>();
  #hasRole = false;
  #turnEnd: TurnEnd | null = null;

  constructor(head: AnswerHead, { includesUsage }: { includesUsage: boolean }) {
    this.#head = head;
    this.#includesUsage = includesUsage;
  }

  write(event: StreamEvent): ServerEvent[] {
    switch (event.type) {
      case 'text-delta':
        return [this.#delta({ content: event.text })];
      case 'reasoning-delta':
        return [this.#delta({ reasoning_content: event.text })];
      case 'tool-call-start':
        return [this.#start(event.id, event.name)];
      case 'tool-call-delta':
        return this.#input(event.id, event.inputText);
      case 'tool-call': {
        const started = this.#calls.has(event.id) ? [] : [this.#start(event.id, event.name)];
        const call = this.#calls.get(event.id);
        return [...started, ...(call?.hasInput ? [] : this.#input(event.id, toArguments(event)))];
      }
      case 'turn-end':
        this.#turnEnd = event;
        return [];
      default:
        return [];
    }
  }

  end(): ServerEvent[] {
    const { finishReason, usage } = this.#turnEnd ?? { finishReason: null, usage: null };
    const finish = FINISH_REASONS[finishReason?.unified ?? 'stop'];
    const role = this.#hasRole ? {} : { role: 'assistant', content: '' };
    const last = this.#chunk([{ index: 0, delta: role, logprobs: null, finish_reason: finish }]);
    const counted = this.#includesUsage
      ? [{ data: { ...this.#base(), choices: [], usage: toChatUsage(usage) } }]
      : [];
    return [last, ...counted, { data: '[DONE]' }];
  }

  fail(error: unknown): ServerEvent[] {
    return [{ data: toOpenAiError(error).body }];
  }

  #start(id: string, name: string): ServerEvent {
    const index = this.#calls.size;
    this.#calls.set(id, { index, hasInput: false });
    const call = { index, id, type: 'function', function: { name, arguments: '' } };
    return this.#delta({ tool_calls: [call] });
  }

  #input(id: string, text: string): ServerEvent[] {
    const call = this.#calls.get(id);
    if (!call) return [];
    call.hasInput = true;
    return [this.#delta({ tool_calls: [{ index: call.index, function: { arguments: text } }] })];
  }

  #delta(delta: object): ServerEvent {
    const content = 'content' in delta ? {} : { content: null };
    const role = this.#hasRole ? {} : { role: 'assistant', ...content };
    this.#hasRole = true;
    const choice = { index: 0, delta: { ...role, ...delta }, logprobs: null, finish_reason: null };
    return this.#chunk([choice]);
  }

  #chunk(choices: object[]): ServerEvent {
    const usage = this.#includesUsage ? { usage: null } : {};
    return { data: { ...this.#base(), choices, ...usage } };
  }

  #base(): object {
    const { id, model, createdAt } = this.#head;
    return {
      ...{ id: `chatcmpl-${id}`, object: 'chat.completion.chunk' },
      ...{ created: toSeconds(createdAt), model },
    };
  }
}

export function toFinish({ unified }: FinishReason): string {
  return FINISH_REASONS[unified];
}

export function toChatUsage(usage: Usage | null): JsonObject {
  const counts = usage ?? noUsage;
  return {
    prompt_tokens: counts.inputTokens,
    completion_tokens: counts.outputTokens,
    total_tokens: counts.inputTokens + counts.outputTokens,
    prompt_tokens_details: { cached_tokens: counts.cacheReadTokens },
    completion_tokens_details: { reasoning_tokens: counts.reasoningTokens },
  };
}
