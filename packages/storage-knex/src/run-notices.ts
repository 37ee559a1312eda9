/**
 * Notices between the servers of a store that a run has new events. They only wake readers: a notice
 * may be lost or come twice.
 */
export interface RunNotices {
  /** Whether notices are known to arrive; otherwise readers have to look often. */
  readonly isProven: boolean;
  /** Calls this with the id of a run at each notice. */
  listen(note: (runId: string) => void): void;
  /** Returns at once. Notices are merged, and sent at most every 150 ms. */
  send(runId: string): void;
  close(): Promise<void>;
}
