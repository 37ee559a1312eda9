import type { JsonValue, NewMessage, Session, SessionStore } from '@synapse/core';
import type { TurnEvent, TurnSpending } from '@synapse/core/conversation';

/** Shows a run while it happens and after it; each form of output implements this. */
export interface OneShotOutput {
  begin(session: Session, isNew: boolean): void;
  event(event: TurnEvent): void | Promise<void>;
  /** Not called if the run failed. `sessions` contains the answer. */
  end(answer: Answer, sessions: Pick<SessionStore, 'find'>): void | Promise<void>;
  /**
   * Finishes incomplete output before the failure is reported, and shows how to continue the
   * session.
   */
  fail(run: StoredRun, sessions: Pick<SessionStore, 'find'>): void | Promise<void>;
}

export interface StoredRun {
  session: Session;
  /** Whether its messages are stored; for a failed run, the question and the partial answer. */
  isSaved: boolean;
}

export interface Answer extends StoredRun {
  message: NewMessage;
  /** The cost of all answers of the run, this one included. */
  spent: TurnSpending;
  /** The parsed answer, if there is a schema. */
  data?: JsonValue;
}
