import { isNote, type NewMessage } from './message.ts';
import type { Session } from './session.ts';

/** The sums that a session keeps over its messages. */
export type SessionFigures = Pick<
  Session,
  'messageCount' | 'turnCount' | 'inputTokens' | 'outputTokens' | 'costNanoUsd' | 'unpricedCount'
>;

export const noFigures: Readonly<SessionFigures> = {
  messageCount: 0,
  turnCount: 0,
  inputTokens: 0,
  outputTokens: 0,
  costNanoUsd: 0,
  unpricedCount: 0,
};

export function figuresOf(message: Pick<NewMessage, 'role' | 'usage' | 'cost'>): SessionFigures {
  return {
    messageCount: isNote(message) ? 0 : 1,
    turnCount: message.role === 'user' ? 1 : 0,
    inputTokens: message.usage?.inputTokens ?? 0,
    outputTokens: message.usage?.outputTokens ?? 0,
    costNanoUsd: message.cost?.nanoUsd ?? 0,
    unpricedCount: message.cost === null && isPaidFor(message) ? 1 : 0,
  };
}

/** A note that no model was asked for costs nothing. */
function isPaidFor({ role, usage }: Pick<NewMessage, 'role' | 'usage'>): boolean {
  return role === 'assistant' || (isNote({ role }) && usage !== null);
}

export function addFigures(a: SessionFigures, b: SessionFigures): SessionFigures {
  return {
    messageCount: a.messageCount + b.messageCount,
    turnCount: a.turnCount + b.turnCount,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costNanoUsd: a.costNanoUsd + b.costNanoUsd,
    unpricedCount: a.unpricedCount + b.unpricedCount,
  };
}

export function subtractFigures(a: SessionFigures, b: SessionFigures): SessionFigures {
  return {
    messageCount: a.messageCount - b.messageCount,
    turnCount: a.turnCount - b.turnCount,
    inputTokens: a.inputTokens - b.inputTokens,
    outputTokens: a.outputTokens - b.outputTokens,
    costNanoUsd: a.costNanoUsd - b.costNanoUsd,
    unpricedCount: a.unpricedCount - b.unpricedCount,
  };
}
