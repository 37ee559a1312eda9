import { isUnpriced, ledgerEntryOf, type LedgerEntry } from './ledger.ts';
import { isNote, type NewMessage } from './message.ts';
import type { Session } from './session.ts';

/** The number of messages in a session. It falls when messages are removed. */
export type MessageCounts = Pick<Session, 'messageCount' | 'turnCount'>;

/** The usage and the cost of the calls of models. It never falls. */
export type SpentFigures = Pick<
  Session,
  'inputTokens' | 'outputTokens' | 'costNanoUsd' | 'unpricedCount'
>;

export type SessionFigures = MessageCounts & SpentFigures;

export const noCounts: Readonly<MessageCounts> = { messageCount: 0, turnCount: 0 };

export const noneSpent: Readonly<SpentFigures> = {
  ...{ inputTokens: 0, outputTokens: 0, costNanoUsd: 0, unpricedCount: 0 },
};

export const noFigures: Readonly<SessionFigures> = { ...noCounts, ...noneSpent };

/** The figures of a message that neither its session nor the ledger contains yet. */
export function figuresOf(message: NewMessage): SessionFigures {
  return { ...countsOf(message), ...spentOf(ledgerEntryOf(message, '')) };
}

/** The figures of active turns; a message without a place counts as active. */
export function countsOf(message: Pick<NewMessage, 'role'> & { active?: boolean }): MessageCounts {
  const { active = true } = message;
  return {
    messageCount: active && !isNote(message) ? 1 : 0,
    turnCount: active && message.role === 'user' ? 1 : 0,
  };
}

export function spentOf(
  entry: Pick<LedgerEntry, 'usage' | 'cost' | 'status'> | null | undefined,
): SpentFigures {
  return {
    inputTokens: entry?.usage?.inputTokens ?? 0,
    outputTokens: entry?.usage?.outputTokens ?? 0,
    costNanoUsd: entry?.cost?.nanoUsd ?? 0,
    unpricedCount: entry && isUnpriced(entry) ? 1 : 0,
  };
}

export function addCounts<T extends MessageCounts>(figures: T, counts: MessageCounts): T {
  return {
    ...figures,
    messageCount: figures.messageCount + counts.messageCount,
    turnCount: figures.turnCount + counts.turnCount,
  };
}

export function subtractCounts<T extends MessageCounts>(figures: T, counts: MessageCounts): T {
  return addCounts(figures, {
    messageCount: -counts.messageCount,
    turnCount: -counts.turnCount,
  });
}

export function addSpent<T extends SpentFigures>(figures: T, spent: SpentFigures): T {
  return {
    ...figures,
    inputTokens: figures.inputTokens + spent.inputTokens,
    outputTokens: figures.outputTokens + spent.outputTokens,
    costNanoUsd: figures.costNanoUsd + spent.costNanoUsd,
    unpricedCount: figures.unpricedCount + spent.unpricedCount,
  };
}

export function subtractSpent<T extends SpentFigures>(figures: T, spent: SpentFigures): T {
  return addSpent(figures, {
    inputTokens: -spent.inputTokens,
    outputTokens: -spent.outputTokens,
    costNanoUsd: -spent.costNanoUsd,
    unpricedCount: -spent.unpricedCount,
  });
}

export function addFigures(a: SessionFigures, b: SessionFigures): SessionFigures {
  return addSpent(addCounts(a, b), b);
}
