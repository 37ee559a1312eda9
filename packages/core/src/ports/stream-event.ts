import type { FinishReason } from '../session/message.ts';
import type { Replay, ToolCallPart } from '../session/part.ts';
import type { Usage } from '../session/usage.ts';

/**
 * The events of an answer, in the order in which the provider sends them.
 *
 * Deltas are never empty. Text may be cut anywhere, but never inside a code point. A stream ends
 * either with one `turn-end`, which is its last event, or by throwing.
 */
export type StreamEvent =
  | { type: 'text-delta'; text: string }
  // Closes the text before it, where the provider put something on it; what follows is another part.
  | { type: 'text-end'; replay: Replay }

  // Reasoning: any number of deltas, then one end that closes the block. A block may be empty of
  // text and still have something to replay.
  | { type: 'reasoning-delta'; text: string }
  | { type: 'reasoning-end'; replay: Replay | null }

  // Tool calls: the start and the deltas are for showing progress; only `tool-call` counts. Calls
  // may overlap while they stream; each id is unique within the answer.
  | { type: 'tool-call-start'; id: string; name: string }
  | { type: 'tool-call-delta'; id: string; inputText: string }
  | ToolCallPart

  // The provider has begun to work on the request, which costs money from here on, even if no answer
  // follows. At most once, before everything else that belongs to the answer.
  | Started
  // The usage of the request so far, in running totals; each of them replaces the one before.
  | { type: 'usage'; usage: Usage }

  // A notice for the user that is not part of the answer.
  | { type: 'notice'; text: string }
  | TurnEnd;

interface AnswerOrigin {
  /** The model that answers, under the provider's own name for it. */
  model: string;
  /** The provider that answers, if it may differ from the requested one. */
  provider?: string;
  /** The requested model, if it differs from that of the request. */
  askedModel?: string;
}

export interface Started extends AnswerOrigin {
  type: 'started';
}

export interface TurnEnd extends AnswerOrigin {
  type: 'turn-end';
  finishReason: FinishReason;
  /** Null if the provider did not report it. */
  usage: Usage | null;
  /** What the answer cost, if the provider reports it. */
  costNanoUsd?: number;
}

const BESIDE_THE_ANSWER = new Set<StreamEvent['type']>(['started', 'usage', 'notice', 'turn-end']);

/** Whether the event is a piece of the answer, so that the request can't be repeated unnoticed. */
export function isVisible({ type }: StreamEvent): boolean {
  return !BESIDE_THE_ANSWER.has(type);
}
