import type { Field, FieldKinds } from './field.ts';
import type { Part } from './part.ts';
import type { Cost, Usage } from './usage.ts';

/**
 * `context` and `title` are notes about the session. Each has the position at which it was made,
 * and its cost. They are not part of the conversation.
 */
export type Role = 'user' | 'assistant' | 'tool' | NoteRole;

export type NoteRole = 'context' | 'title';

/**
 * `running` is an answer that is still streaming. A process that dies leaves it behind, and the
 * next holder of the session turns it into `interrupted`.
 */
export type MessageStatus = 'complete' | 'running' | 'interrupted' | 'failed';

export interface FinishReason {
  unified: 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'refusal' | 'unknown';
  /** The provider's own name for it. */
  raw: string | null;
}

export interface MessageError {
  code: string;
  message: string;
}

/**
 * The fields of a message that the caller provides; the caller makes the `id`, so that a retry is
 * safe.
 */
export interface NewMessage {
  id: string;
  role: Role;
  status: MessageStatus;
  parts: Part[];
  /** The provider that answered; it determines the price. */
  provider: string | null;
  model: string | null;
  /**
   * The requested provider and model, under the names of the settings: a router, an alias or a
   * deployment may answer under another name. Replay data of the answer goes back only to this one.
   * Null if unknown.
   */
  askedProvider: string | null;
  askedModel: string | null;
  usage: Usage | null;
  cost: Cost | null;
  latencyMs: number | null;
  timeToFirstTokenMs: number | null;
  finishReason: FinishReason | null;
  error: MessageError | null;
  /**
   * In a fork, the id of the original of a copied message, also across several forks. The ledger
   * has the call under that id. Null for a message that was made in its own session.
   */
  copyOf: string | null;
  createdAt: Date;
}

export interface Message extends NewMessage {
  sessionId: string;
  /** The order within the session, independent of clocks. */
  seq: number;
  /**
   * A question and its answers share one. Every question of a session gets a new number, which is
   * never given again; 0 is for messages before the first question.
   */
  turn: number;
  /**
   * If the turn is an alternative to an earlier one: the number of the first turn in that place.
   * Null for every other turn.
   */
  variantOf: number | null;
  /**
   * Whether the turn is part of the conversation. A place in the conversation has at most one
   * active turn. The others, and undone turns, are kept but not sent to a model.
   */
  active: boolean;
}

export interface MessageKinds extends FieldKinds {
  role: Role;
  status: MessageStatus;
  parts: Part[];
  usage: Usage;
  cost: Cost;
  finishReason: FinishReason;
  error: MessageError;
}

/** `caller`: given with a new message. `store`: the position that the store assigns. */
type MessageField<Value, By> = Field<MessageKinds, Value> & { setBy: By };

export type MessageFields = {
  [Name in keyof Message]: MessageField<
    Message[Name],
    Name extends keyof NewMessage ? 'caller' : 'store'
  >;
};

/**
 * Every field of a message, in the order of its JSON. JSON, the check of imports, redaction, rows
 * and seals are derived from this table, as they are for `sessionFields`.
 */
export const messageFields = {
  id: { kind: 'id', setBy: 'caller' },
  sessionId: { kind: 'id', setBy: 'store' },
  seq: { kind: 'count', setBy: 'store' },
  turn: { kind: 'count', setBy: 'store' },
  variantOf: { kind: 'count', setBy: 'store', empty: null, isNewInExports: true },
  active: { kind: 'flag', setBy: 'store', empty: true, isNewInExports: true },
  role: { kind: 'role', setBy: 'caller' },
  status: { kind: 'status', setBy: 'caller', empty: 'complete' },
  parts: { kind: 'parts', setBy: 'caller' },
  provider: { kind: 'name', setBy: 'caller', empty: null },
  model: { kind: 'name', setBy: 'caller', empty: null },
  askedProvider: { kind: 'name', setBy: 'caller', empty: null, isNewInExports: true },
  askedModel: { kind: 'name', setBy: 'caller', empty: null, isNewInExports: true },
  usage: { kind: 'usage', setBy: 'caller', empty: null },
  cost: { kind: 'cost', setBy: 'caller', empty: null },
  finishReason: { kind: 'finishReason', setBy: 'caller', empty: null },
  latencyMs: { kind: 'amount', setBy: 'caller', empty: null },
  timeToFirstTokenMs: { kind: 'amount', setBy: 'caller', empty: null },
  error: { kind: 'error', setBy: 'caller', empty: null },
  copyOf: { kind: 'id', setBy: 'caller', empty: null, isNewInExports: true },
  createdAt: { kind: 'time', setBy: 'caller' },
} satisfies MessageFields;

/** The part of a message that requests are built from. */
export type PromptMessage = Pick<
  Message,
  'seq' | 'turn' | 'role' | 'parts' | 'provider' | 'model' | 'askedProvider' | 'askedModel'
>;

/** The number of the first turn in the place of the message's turn. */
export function placeOf({ turn, variantOf }: Pick<Message, 'turn' | 'variantOf'>): number {
  return variantOf ?? turn;
}

export function isNote({ role }: Pick<NewMessage, 'role'>): boolean {
  return role === 'context' || role === 'title';
}

/** A message in which every field that is not given is empty. */
export function newMessage(
  message: Pick<NewMessage, 'id' | 'role' | 'parts' | 'createdAt'> & Partial<NewMessage>,
): NewMessage {
  const empty: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(messageFields)) {
    if (field.setBy === 'caller' && 'empty' in field) empty[name] = field.empty;
  }
  return { ...(empty as unknown as NewMessage), ...message };
}
