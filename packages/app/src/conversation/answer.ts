import type { JsonValue, NewMessage, Session, SessionStore } from '@synapse/core';
import type { TurnEvent, TurnSpending } from '@synapse/core/conversation';

/** Shows a run while it happens and when it has ended; each form of output is one of these. */
export interface OneShotOutput {
  begin(session: Session, isNew: boolean): void;
  event(event: TurnEvent): void | Promise<void>;
  /** Not called when the run failed. `sessions` is where the answer is kept. */
  end(answer: Answer, sessions: Pick<SessionStore, 'find'>): void | Promise<void>;
  /** Ends what was begun before the failure is reported, and shows how to continue the session. */
  fail(run: StoredRun, sessions: Pick<SessionStore, 'find'>): void | Promise<void>;
}

export interface StoredRun {
  session: Session;
  /** Whether its messages are stored: of a failed run the question, and what came of the answer. */
  isSaved: boolean;
}

export interface Answer extends StoredRun {
  message: NewMessage;
  /** On all answers of the run, this one included. */
  spent: TurnSpending;
  /** The answer as its schema wants it; only where there is one. */
  data?: JsonValue;
}
