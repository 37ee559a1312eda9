import type { SynapseError } from '../errors/synapse-error.ts';
import type { Approver } from '../ports/approver.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { ModelProvider, ModelRequest, ToolDefinition } from '../ports/model-provider.ts';
import type { Lease, SessionStore } from '../ports/session-store.ts';
import type { StreamEvent } from '../ports/stream-event.ts';
import type { ToolSource } from '../ports/tool-source.ts';
import type { Message, NewMessage } from '../session/message.ts';
import type { Part, ToolCallPart, ToolResultPart } from '../session/part.ts';
import type { Cost, Usage } from '../session/usage.ts';
import type { TurnSessions } from './turn-store.ts';

export interface TurnOptions {
  sessions: SessionStore;
  sessionId: string;
  lease: Lease | null;
  provider: ModelProvider;
  model: string;
  /** What the person says. */
  parts: Part[];
  /**
   * The last turn of the session, where this one is to take its place. It stays active until this
   * one is complete, and is kept as a variant then; a turn that fails or is stopped is kept as a
   * variant itself.
   */
  instead?: number | null | undefined;
  /**
   * Builds the request from what the session holds, the newest messages included: `sessions` shows
   * it as this turn sees it, and notes about the turn are stored by it.
   */
  buildRequest: (tools: readonly ToolDefinition[], sessions: TurnSessions) => Promise<ModelRequest>;
  /** A smaller one, where the provider finds `refused` too long; asked once in a round. */
  shrinkRequest?:
    ((refused: ModelRequest, sessions: TurnSessions) => Promise<ModelRequest>) | undefined;
  /** What the model may call; without it, calls are stored and nothing is run. */
  tools?: TurnTools | undefined;
  costOf: (usage: Usage, provider: string, model: string) => Cost | null;
  /**
   * Asked before the question is stored, and again whenever another request would follow. Throws a
   * LimitReachedError where no more may be spent.
   */
  checkBudget?: ((spent: TurnSpending) => void) | undefined;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
}

export interface TurnTools {
  /** In order: where two offer a tool of the same name, the first one has it. */
  sources: readonly ToolSource[];
  approver: Approver;
  /** How many answers may call tools before the turn is ended. */
  maxRounds: number;
}

/** What the answers of a turn have cost so far. */
export interface TurnSpending {
  /** Null before the first answer, and where nobody knows. */
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
  /** The answer goes on, but what came of it is not stored. */
  | { type: 'storage-failed'; error: SynapseError }
  /** The last event: the last answer as it is stored, or as it would be had storage not failed. */
  | { type: 'turn-result'; message: NewMessage; isSaved: boolean; spent: TurnSpending };

export type ToolEvent =
  /** Whether the call may be run is settled now; somebody may be asked. */
  | { type: 'tool-approval'; call: ToolCallPart }
  /** The call was approved and begins now. */
  | { type: 'tool-start'; call: ToolCallPart }
  /** The result that the model gets; the time is null for a call that was not run. */
  | { type: 'tool-end'; call: ToolCallPart; result: ToolResultPart; durationMs: number | null };
