import {
  isNote,
  type JsonObject,
  type Message,
  type Part,
  type ToolCallPart,
  type ToolResultPart,
} from '@synapse/core';

/** A tool call with its result. Either can be missing: sessions are cut off, and files are tampered with. */
export interface ToolUse {
  type: 'tool-use';
  /** That of the call, unless another call of the step has it. */
  id: string;
  name: string;
  call: ToolCallPart | null;
  result: ToolResultPart | null;
  answeredAt: Date | null;
}

type ContentPart = Exclude<
  Part,
  { type: 'tool-call' | 'tool-result' | 'context' | 'title' | 'raw' }
>;

/** A question, or an answer of a model with the results of its calls. */
export interface Step {
  role: 'user' | 'assistant';
  /** The message that began it. */
  message: Message;
  parts: (ContentPart | ToolUse)[];
  bytes: Map<string, Uint8Array>;
}

const NO_RESULT = 'This call was interrupted; its effect is unknown.';

/**
 * Makes steps of messages as they come, whatever their order: tools are always used by the assistant, and a
 * result that answers no call of the current step is a tool use of its own. Notes are left out.
 */
export class StepCollector {
  #open: Step | null = null;

  /** The steps that this message completes. */
  add(message: Message, bytes: ReadonlyMap<string, Uint8Array>): Step[] {
    if (isNote(message)) return [];
    const { role: speaker } = message;
    const isSpoken = speaker === 'user' || speaker === 'assistant';
    const complete = isSpoken ? this.#begin(speaker, message) : [];
    for (const part of message.parts) {
      if (part.type === 'context' || part.type === 'title' || part.type === 'raw') continue;
      const role = sideOf(part, message);
      if (this.#open?.role !== role) complete.push(...this.#begin(role, message));
      if (this.#open) addPart(this.#open, part, message);
    }
    for (const [sha256, content] of bytes) {
      for (const step of [...complete, this.#open]) step?.bytes.set(sha256, content);
    }
    return complete;
  }

  end(): Step[] {
    const complete = this.#open ? [this.#open] : [];
    this.#open = null;
    return complete;
  }

  #begin(role: Step['role'], message: Message): Step[] {
    const complete = this.end();
    this.#open = { role, message, parts: [], bytes: new Map() };
    return complete;
  }
}

export function toolUsesOf({ parts }: Step): ToolUse[] {
  return parts.filter((part) => part.type === 'tool-use');
}

export function reasoningOf({ parts }: Step): string {
  return parts
    .filter((part) => part.type === 'reasoning')
    .map(({ text }) => text)
    .join('\n\n');
}

/** The message whose model call made the step, if one did. */
export function answerOf({ role, message }: Step): Message | null {
  return role === message.role ? message : null;
}

export function argumentsOf({ call }: ToolUse): JsonObject {
  if (call?.invalidInput !== undefined) return { invalid_arguments: call.invalidInput };
  return call?.input ?? {};
}

/** For formats that refuse a call without a result. */
export function outputOf({ result }: ToolUse): string {
  return result?.output ?? NO_RESULT;
}

function sideOf({ type }: Part, { role }: Message): Step['role'] {
  const isContent = type === 'text' || type === 'image' || type === 'file';
  return isContent && role !== 'assistant' ? 'user' : 'assistant';
}

function addPart(step: Step, part: ContentPart | ToolCallPart | ToolResultPart, message: Message) {
  if (part.type !== 'tool-call' && part.type !== 'tool-result') {
    step.parts.push(part);
    return;
  }
  const uses = toolUsesOf(step);
  const { name } = part;
  if (part.type === 'tool-call') {
    const id = uniqueId(part.id, uses);
    step.parts.push({ type: 'tool-use', id, name, call: part, result: null, answeredAt: null });
    return;
  }
  const answer = { result: part, answeredAt: message.createdAt };
  const waiting = uses.find(({ call, result }) => call?.id === part.id && result === null);
  if (waiting) Object.assign(waiting, answer);
  else {
    const id = uniqueId(part.id, uses);
    step.parts.push({ type: 'tool-use', id, name, call: null, ...answer });
  }
}

function uniqueId(wanted: string, uses: readonly ToolUse[]): string {
  const ids = new Set(uses.map(({ id }) => id));
  // Files hold well-formed text, in which halves of characters are all the same.
  const plain = (wanted || 'call').toWellFormed();
  let unique = plain;
  for (let count = 2; ids.has(unique); count++) unique = `${plain}_${count}`;
  return unique;
}
