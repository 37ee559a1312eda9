import type { JsonObject, Replay, StreamEvent } from '@synapse/core';
import type { CallIds } from '@synapse/provider-http';
import { parseToolInput, StreamText, toRecord, toText } from '@synapse/provider-http';
import { ANTHROPIC_DIALECT } from './anthropic-options.ts';

type Content = Record<string, unknown>;

/** A content block while it streams. */
export interface Block {
  start(): StreamEvent[];
  read(delta: Content): StreamEvent[];
  stop(): StreamEvent[];
  /** The tool call of the block, once the end of the answer is known. */
  call(isWhole: boolean): StreamEvent[];
}

/** Undefined for blocks that Synapse did not ask for, such as tools of the server. */
export function openBlock(content: Content, callIds: CallIds): Block | undefined {
  switch (content.type) {
    case 'text':
      return textBlock(content);
    case 'thinking':
      return thinkingBlock(content);
    case 'redacted_thinking':
      return redactedBlock(content);
    case 'tool_use':
      return toolBlock(content, callIds.take(content.id));
    default:
      return undefined;
  }
}

function textBlock(content: Content): Block {
  const text = new StreamText();
  return {
    start: () => textDelta(text.push(content.text)),
    read: (delta) => textDelta(text.push(delta.text)),
    stop: () => textDelta(text.end()),
    call: () => [],
  };
}

function thinkingBlock(content: Content): Block {
  const text = new StreamText();
  let signature = toText(content.signature);
  let isEmpty = true;
  const reasoningDelta = (piece: string): StreamEvent[] => {
    if (piece === '') return [];
    isEmpty = false;
    return [{ type: 'reasoning-delta', text: piece }];
  };
  return {
    start: () => reasoningDelta(text.push(content.thinking)),
    read(delta) {
      signature += toText(delta.signature);
      return reasoningDelta(text.push(delta.thinking));
    },
    stop() {
      const rest = reasoningDelta(text.end());
      if (isEmpty && signature === '') return [];
      const data = { type: 'thinking', signature };
      return [...rest, { type: 'reasoning-end', replay: signature === '' ? null : bound(data) }];
    },
    call: () => [],
  };
}

/** Thoughts are bound to the system prompt, the tools and all messages before them. */
function bound(data: JsonObject): Replay {
  return { dialect: ANTHROPIC_DIALECT, data, isBound: true };
}

function redactedBlock(content: Content): Block {
  const data = { type: 'redacted_thinking', data: toText(content.data) };
  return {
    start: () => [],
    read: () => [],
    stop: () => [{ type: 'reasoning-end', replay: bound(data) }],
    call: () => [],
  };
}

function toolBlock(content: Content, id: string): Block {
  const name = toText(content.name).toWellFormed();
  const shown = new StreamText();
  const pieces: string[] = [];
  return {
    start: () => [{ type: 'tool-call-start', id, name }],
    read(delta) {
      pieces.push(toText(delta.partial_json));
      return inputDelta(id, shown.push(delta.partial_json));
    },
    stop: () => inputDelta(id, shown.end()),
    call(isWhole) {
      // Some servers send the whole input with the start of the block, and no deltas.
      const input = toRecord(content.input);
      const isGiven = Object.keys(input).length > 0;
      const text = pieces.join('') || (isGiven ? JSON.stringify(input) : '');
      return [{ type: 'tool-call', id, name, ...parseToolInput(text, isWhole) }];
    },
  };
}

function textDelta(text: string): StreamEvent[] {
  return text === '' ? [] : [{ type: 'text-delta', text }];
}

function inputDelta(id: string, inputText: string): StreamEvent[] {
  return inputText === '' ? [] : [{ type: 'tool-call-delta', id, inputText }];
}
