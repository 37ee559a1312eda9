import type { SynapseError } from '../errors/synapse-error.ts';
import type { Approver } from '../ports/approver.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { NoteWriter } from '../context/context-note.ts';
import type { RequestShape } from '../context/request-shape.ts';
import type { ModelProvider, ModelRequest } from '../ports/model-provider.ts';
import type { Lease, SessionStore } from '../ports/session-store.ts';
import type { StreamEvent } from '../ports/stream-event.ts';
import type { ToolSource } from '../ports/tool-source.ts';
import type { Message, NewMessage } from '../session/message.ts';
import type { Part, ToolCallPart, ToolResultPart } from '../session/part.ts';
import type { Usage } from '../session/usage.ts';
import type { Prices } from '../usage/prices.ts';

/** What a turn needs of a store. */
export type TurnSessions = Pick<SessionStore, 'append' | 'messages' | 'promptMessages'>;

export interface TurnOptions {
  sessions: TurnSessions;
  sessionId: string;
  lease: Lease | null;
  provider: ModelProvider;
  model: string;
  /** The message of the user. */
  parts: Part[];
  /**
   * The id of that message, so that a repeated request stores it once; a new one by default. A
   * stored message with this id must be the same question.
   */
  questionId?: string | undefined;
  /**
   * The messages that begin the turn, in place of a question with `parts`: what a program that keeps
   * the conversation itself has added to it, such as results of its own tools.
   */
  opening?: readonly NewMessage[] | undefined;
  /** The id of the first answer; a new one by default. */
  answerId?: string | undefined;
  /**
   * The last turn of the session, if this turn replaces it. The old turn stays active until this
   * one is complete, and is then kept as a variant. If this turn fails or is stopped, it becomes a
   * variant itself.
   */
  instead?: number | null | undefined;
  context: TurnContext;
  /** The options of each answer. */
  shape?: Pick<RequestShape, 'outputSchema' | 'maxOutputTokens' | 'temperature'> | undefined;
  /** The tools that the model may call; without it, calls are stored and not run. */
  tools?: TurnTools | undefined;
  prices: Prices;
  budget?: TurnBudget | undefined;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
}

/** Makes requests of a session; `SessionContext` is one. */
export interface TurnContext {
  /**
   * The next request, including the newest messages. `sessions` of the shape reads the session as
   * this turn sees it, and `writer` stores notes about the turn.
   */
  request(shape: RequestShape, writer: Omit<NoteWriter, 'sessionId'> | null): Promise<ModelRequest>;
  /** Makes later requests clearly smaller than the last one; false if nothing may be left out. */
  tighten(): boolean;
}

/** Both throw a LimitReachedError. */
export interface TurnBudget {
  /** Throws if the cost limit is reached: called before the question is stored, and before each request. */
  checkSpent(spent: TurnSpending): void;
  /** Throws if the request alone would cost too much. */
  checkRequest(request: ModelRequest): void;
}

export interface TurnTools {
  /** If two sources offer a tool of the same name, the first one in this order has it. */
  sources: readonly ToolSource[];
  approver: Approver;
  /** The most answers with tool calls before the turn is ended. */
  maxRounds: number;
}

/** The cost of the answers of a turn so far. */
export interface TurnSpending {
  /** Null before the first answer, and if unknown. */
  usage: Usage | null;
  costNanoUsd: number;
  /** Answers whose price is unknown: while there are any, the cost is a lower bound. */
  unpricedCount: number;
}

export type TurnEvent =
  | StreamEvent
  | ToolEvent
  /** The question is stored; from here on it can't be lost. */
  | { type: 'message-stored'; message: Message }
  /** The answer continues, but the part received so far is not stored. */
  | { type: 'storage-failed'; error: SynapseError }
  /** The last event: the last answer as it is stored, or as it would be had storage not failed. */
  | { type: 'turn-result'; message: NewMessage; isSaved: boolean; spent: TurnSpending };

export type ToolEvent =
  /** The decision whether the call may run begins here; the user may be asked. */
  | { type: 'tool-approval'; call: ToolCallPart }
  /** The call was approved and begins now. */
  | { type: 'tool-start'; call: ToolCallPart }
  /**
   * The result that the model gets; the time is null for a call that was not run. `rejection` is set
   * if the user said no: the words that the user added, which may be empty.
   */
  | {
      type: 'tool-end';
      call: ToolCallPart;
      result: ToolResultPart;
      durationMs: number | null;
      rejection?: string;
    };
