import type { Replay, StreamEvent } from '@synapse/core';
import {
  type CallIds,
  parseToolInput,
  StreamText,
  toRecords,
  toText,
} from '@synapse/provider-http';

type Data = Record<string, unknown>;

/** An item of the output while it streams. */
export interface OutputItem {
  readonly type: 'message' | 'reasoning' | 'call';
  start(): StreamEvent[];
  read(event: Data): StreamEvent[];
  /** `item` is the complete item from the server; empty if it never came. */
  stop(item: Data): StreamEvent[];
  /** The tool call of the item, once the end of the answer is known. */
  call(isWhole: boolean): StreamEvent[];
}

/** Undefined for items that Synapse did not ask for, such as tools of the server. */
export function openItem(item: Data, callIds: CallIds): OutputItem | undefined {
  switch (item.type) {
    case 'message':
      return messageItem(item);
    case 'reasoning':
      return reasoningItem();
    case 'function_call':
      return callItem(item, callIds.take(item.call_id));
    default:
      return undefined;
  }
}

function messageItem(opened: Data): OutputItem {
  const text = new StreamText();
  let isSaid = false;
  const delta = (piece: string): StreamEvent[] => {
    if (piece === '') return [];
    isSaid = true;
    return [{ type: 'text-delta', text: piece }];
  };
  return {
    type: 'message',
    start: () => [],
    read: (event) => delta(text.push(event.delta)),
    stop(item) {
      const rest = delta(text.end());
      const late = isSaid ? [] : delta(textsOf(item.content).join('').toWellFormed());
      const phase = toText(item.phase) || toText(opened.phase);
      const events = [...rest, ...late];
      if (!isSaid || phase === '') return events;
      return [
        ...events,
        { type: 'text-end', replay: { dialect: RESPONSES_DIALECT, data: { phase } } },
      ];
    },
    call: () => [],
  };
}

function reasoningItem(): OutputItem {
  const text = new StreamText();
  let isSaid = false;
  const delta = (piece: string): StreamEvent[] => {
    if (piece === '') return [];
    isSaid = true;
    return [{ type: 'reasoning-delta', text: piece }];
  };
  return {
    type: 'reasoning',
    start: () => [],
    read(event) {
      const isNextPart = event.type === 'response.reasoning_summary_part.added' && isSaid;
      return isNextPart ? delta(`${text.end()}\n\n`) : delta(text.push(event.delta));
    },
    stop(item) {
      const summary = textsOf(item.summary);
      const rest = delta(text.end());
      const readable = summary.length > 0 ? summary : textsOf(item.content);
      const late = isSaid ? [] : delta(readable.join('\n\n').toWellFormed());
      const encrypted = toText(item.encrypted_content);
      if (!isSaid && encrypted === '') return [];
      const data = { id: toText(item.id), encrypted_content: encrypted, summary };
      const replay: Replay | null =
        encrypted === '' ? null : { dialect: RESPONSES_DIALECT, data, isBound: true };
      return [...rest, ...late, { type: 'reasoning-end', replay }];
    },
    call: () => [],
  };
}

function callItem(item: Data, id: string): OutputItem {
  const name = toText(item.name).toWellFormed();
  const shown = new StreamText();
  const pieces: string[] = [];
  let whole = '';
  const delta = (inputText: string): StreamEvent[] =>
    inputText === '' ? [] : [{ type: 'tool-call-delta', id, inputText }];
  return {
    type: 'call',
    start: () => [{ type: 'tool-call-start', id, name }],
    read(event) {
      pieces.push(toText(event.delta));
      whole = toText(event.arguments) || whole;
      return delta(shown.push(event.delta));
    },
    stop(done) {
      whole = toText(done.arguments) || whole;
      return delta(shown.end());
    },
    call: (isWhole) => [
      { type: 'tool-call', id, name, ...parseToolInput(whole || pieces.join(''), isWhole) },
    ],
  };
}

function textsOf(parts: unknown): string[] {
  return toRecords(parts).map((part) => toText(part.text) || toText(part.refusal));
}

/** Identifies the data of this adapter in a Replay. */
export const RESPONSES_DIALECT = 'openai-responses';
