import { SessionBusyError } from '@synapse/core';

/** The session has an active run; `runId` names it. */
export class ActiveRunError extends SessionBusyError {
  readonly runId: string;

  constructor(sessionId: string, runId: string) {
    super(`Session ${sessionId} has the active run ${runId}.`, {
      hint: 'Follow that run, cancel it, wait for its end, or fork the session.',
    });
    this.runId = runId;
  }
}
