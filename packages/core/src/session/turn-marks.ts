import { SessionConflictError } from '../errors/session-errors.ts';
import { placeOf, type Message } from './message.ts';

/** How a session numbers its turns. */
export interface TurnMarks {
  /** The greatest turn number that the session ever had. */
  lastTurn: number;
  /** The last active turn; 0 if there is none. Messages other than questions are added to it. */
  turn: number;
  /** The `variantOf` of the last active turn. */
  variantOf: number | null;
}

export const noMarks: Readonly<TurnMarks> = { lastTurn: 0, turn: 0, variantOf: null };

/** The turn that gets the new messages if it is not the last one; `turn` is null for a new one. */
export interface AppendVariant extends Pick<Message, 'active'> {
  turn: number | null;
  variantOf: number | null;
}

type Placed = Pick<Message, 'turn' | 'variantOf'>;

/** The new turn that begins in the place of the turn `of`. */
export function beginVariant(sessionId: string, marks: TurnMarks, of: number): AppendVariant {
  if (of === 0 || of !== marks.turn) {
    throw new SessionConflictError(
      `Turn ${of} is not the last turn of session ${sessionId}, so it cannot be replaced.`,
      {
        hint: 'Only the last turn can be asked again; fork the session to continue from an earlier one.',
      },
    );
  }
  return { turn: null, variantOf: placeOf(marks), active: false };
}

/** The turn that the append continues; `found` is one of its messages. */
export function continueVariant(
  sessionId: string,
  marks: TurnMarks,
  turn: number,
  found: (Placed & Pick<Message, 'active'>) | undefined,
): AppendVariant {
  if (!found || (found.active && turn !== marks.turn)) throw notChoosable(sessionId, turn);
  return { turn, variantOf: found.variantOf, active: found.active };
}

/** The first message of a turn to choose, and the number of the last active message. */
export interface Choice {
  first: (Placed & Pick<Message, 'seq' | 'active'>) | undefined;
  lastActiveSeq: number;
}

/** The turn that becomes inactive when another is chosen, if any; null if nothing changes. */
export function planChoice(
  sessionId: string,
  marks: TurnMarks,
  turn: number,
  { first, lastActiveSeq }: Choice,
): { replaced: number | null } | null {
  if (!first || turn === 0) throw notChoosable(sessionId, turn);
  if (turn === marks.turn) return null;
  if (marks.turn !== 0 && placeOf(first) === placeOf(marks)) return { replaced: marks.turn };
  if (first.active || first.seq <= lastActiveSeq) throw notChoosable(sessionId, turn);
  return { replaced: null };
}

function notChoosable(sessionId: string, turn: number): SessionConflictError {
  return new SessionConflictError(
    `Turn ${turn} can't be the last turn of session ${sessionId}: there is no such turn, or the conversation continues after its place.`,
    { hint: 'Fork the session at a message of that turn to continue from there.' },
  );
}

/**
 * The messages of a fork that ends with the turn of `first`, which may be inactive in the source.
 */
export function endForkIn(
  messages: readonly Message[],
  first: Pick<Message, 'turn' | 'variantOf' | 'seq'>,
): Message[] {
  return messages.map((message) => {
    if (message.turn === first.turn) return { ...message, active: true };
    const isBefore = message.seq < first.seq && placeOf(message) !== placeOf(first);
    return { ...message, active: message.active && isBefore };
  });
}
