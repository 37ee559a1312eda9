import type { JsonObject, Replay, StreamEvent, ToolCallPart, TurnEnd } from '@synapse/core';
import {
  toArguments,
  type AnswerHead,
  type AnswerWriter,
  type ServerEvent,
} from '../answer-writer.ts';
import { toOpenAiError } from '../openai-error.ts';
import { toResponse } from './responses-document.ts';
import { callItem, messageItem, reasoningItem } from './responses-items.ts';

interface OpenItem {
  type: 'message' | 'reasoning' | 'call';
  index: number;
  id: string;
  text: string;
}

/** Writes an answer as the events of the Responses API. */
export class ResponsesWriter implements AnswerWriter {
  readonly #head: AnswerHead;
  readonly #request: JsonObject;
  readonly #output: JsonObject[] = [];
  readonly #calls = new Map<string, OpenItem & { name: string }>();
  #open: OpenItem | null = null;
  #count = 0;
  #sequence = 0;
  #hasBegun = false;
  #turnEnd: TurnEnd | null = null;

  /** `request` holds the fields that a response repeats. */
  constructor(head: AnswerHead, request: JsonObject) {
    this.#head = head;
    this.#request = request;
  }

  write(event: StreamEvent): ServerEvent[] {
    return [...this.#begin(), ...this.#write(event)];
  }

  end(): ServerEvent[] {
    const turnEnd = this.#turnEnd;
    const events = [...this.#begin(), ...this.#close(null)];
    const response = toResponse(this.#head, this.#request, { output: this.#output, turnEnd });
    const type = response.status === 'incomplete' ? 'response.incomplete' : 'response.completed';
    return [...events, this.#event(type, { response })];
  }

  fail(error: unknown): ServerEvent[] {
    const { code, message } = toOpenAiError(error).body.error;
    const events = this.#begin();
    const failed = toResponse(this.#head, this.#request, { output: this.#output, turnEnd: null });
    const response = { ...failed, status: 'failed', error: { code, message } };
    return [...events, this.#event('response.failed', { response })];
  }

  #begin(): ServerEvent[] {
    if (this.#hasBegun) return [];
    this.#hasBegun = true;
    const made = toResponse(this.#head, this.#request, { output: [], turnEnd: null });
    const response = { ...made, status: 'in_progress' };
    return [
      this.#event('response.created', { response }),
      this.#event('response.in_progress', { response }),
    ];
  }

  #write(event: StreamEvent): ServerEvent[] {
    switch (event.type) {
      case 'text-delta':
        return this.#grow('message', event.text);
      case 'text-end':
        return this.#close(event.replay);
      case 'reasoning-delta':
        return this.#grow('reasoning', event.text);
      case 'reasoning-end': {
        const isOpen = this.#open?.type === 'reasoning';
        if (!isOpen && event.replay === null) return [];
        return [...(isOpen ? [] : this.#start('reasoning')), ...this.#close(event.replay)];
      }
      case 'tool-call-start':
        return [...this.#close(null), ...this.#startCall(event.id, event.name)];
      case 'tool-call-delta':
        return this.#growCall(event.id, event.inputText);
      case 'tool-call':
        return this.#finishCall(event);
      case 'turn-end':
        this.#turnEnd = event;
        return [];
      default:
        return [];
    }
  }

  #start(type: 'message' | 'reasoning'): ServerEvent[] {
    const closed = this.#close(null);
    const index = this.#count++;
    const id = `${type === 'message' ? 'msg' : 'rs'}_${this.#head.id}_${index}`;
    this.#open = { type, index, id, text: '' };
    const place = { item_id: id, output_index: index };
    if (type === 'message') {
      const item = { ...messageItem(id, '', null), status: 'in_progress', content: [] };
      const part = { type: 'output_text', text: '', annotations: [] };
      return [
        ...closed,
        this.#event('response.output_item.added', { output_index: index, item }),
        this.#event('response.content_part.added', { ...place, content_index: 0, part }),
      ];
    }
    const item = { type: 'reasoning', id, summary: [] };
    return [...closed, this.#event('response.output_item.added', { output_index: index, item })];
  }

  #grow(type: 'message' | 'reasoning', delta: string): ServerEvent[] {
    const started = this.#open?.type === type ? [] : this.#start(type);
    const open = this.#open;
    if (!open) return started;
    const isFirst = open.text === '';
    open.text += delta;
    const place = { item_id: open.id, output_index: open.index };
    if (type === 'message') {
      const fields = { ...place, content_index: 0, delta, logprobs: [] };
      return [...started, this.#event('response.output_text.delta', fields)];
    }
    const part = { ...place, summary_index: 0 };
    const empty = { type: 'summary_text', text: '' };
    return [
      ...started,
      ...(isFirst
        ? [this.#event('response.reasoning_summary_part.added', { ...part, part: empty })]
        : []),
      this.#event('response.reasoning_summary_text.delta', { ...part, delta }),
    ];
  }

  /** Closes the text or the reasoning that is open. */
  #close(replay: Replay | null): ServerEvent[] {
    const open = this.#open;
    if (!open) return [];
    this.#open = null;
    const { id, index, text } = open;
    const place = { item_id: id, output_index: index };
    const item =
      open.type === 'message' ? messageItem(id, text, replay) : reasoningItem(id, text, replay);
    this.#output[index] = item;
    const done = () => this.#event('response.output_item.done', { output_index: index, item });
    if (open.type === 'message') {
      const part = { type: 'output_text', text, annotations: [] };
      const fields = { ...place, content_index: 0 };
      return [
        this.#event('response.output_text.done', { ...fields, text, logprobs: [] }),
        this.#event('response.content_part.done', { ...fields, part }),
        done(),
      ];
    }
    if (text === '') return [done()];
    const fields = { ...place, summary_index: 0 };
    const part = { type: 'summary_text', text };
    return [
      this.#event('response.reasoning_summary_text.done', { ...fields, text }),
      this.#event('response.reasoning_summary_part.done', { ...fields, part }),
      done(),
    ];
  }

  #startCall(callId: string, name: string): ServerEvent[] {
    const index = this.#count++;
    const id = `fc_${this.#head.id}_${index}`;
    this.#calls.set(callId, { type: 'call', index, id, text: '', name });
    const item = { ...callItem(id, callId, name, ''), status: 'in_progress' };
    return [this.#event('response.output_item.added', { output_index: index, item })];
  }

  #growCall(callId: string, delta: string): ServerEvent[] {
    const call = this.#calls.get(callId);
    if (!call) return [];
    call.text += delta;
    const fields = { item_id: call.id, output_index: call.index, delta };
    return [this.#event('response.function_call_arguments.delta', fields)];
  }

  #finishCall(part: ToolCallPart): ServerEvent[] {
    const started = this.#calls.has(part.id)
      ? []
      : [...this.#close(null), ...this.#startCall(part.id, part.name)];
    const call = this.#calls.get(part.id);
    if (!call) return started;
    const late = call.text === '' ? this.#growCall(part.id, toArguments(part)) : [];
    const { id: item_id, index: output_index, text } = call;
    const item = callItem(item_id, part.id, part.name, text);
    this.#output[output_index] = item;
    return [
      ...started,
      ...late,
      this.#event('response.function_call_arguments.done', {
        ...{ item_id, output_index, name: part.name, arguments: text },
      }),
      this.#event('response.output_item.done', { output_index, item }),
    ];
  }

  #event(type: string, fields: object): ServerEvent {
    return { event: type, data: { type, sequence_number: this.#sequence++, ...fields } };
  }
}
