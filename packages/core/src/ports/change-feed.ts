import type { OwnerFilter } from './identity.ts';

/**
 * Every change of every session, made by any process that uses the store. A row for each change is
 * written in the transaction of the change; an import writes one for a session, not for each message.
 * The feed names what changed, and the reader reads it anew. Rows are pruned after a day, and are
 * neither exported nor copied to another store.
 */
export interface ChangeFeed {
  /** Every change that is committed after this call has a higher position. */
  position(): Promise<number>;

  /**
   * The changes after a position, in the order of their positions; each is returned once, also if
   * transactions overlap. Null if the feed does not cover all changes after the position: they were
   * pruned, or the position comes from another store. The reader then begins again at `position()`.
   *
   * Changes of one transaction may share a position. They are never divided between two pages, so a
   * page may have more than `limit` changes.
   */
  since(position: number, limit: number, filter?: OwnerFilter): Promise<Change[] | null>;

  /**
   * Yields whenever there may be new changes, until the signal aborts, and then ends without an
   * error. It may yield without a change. Costs nothing while no caller iterates.
   */
  wake(signal: AbortSignal): AsyncIterable<void>;

  /** Removes changes that were made before this time. Returns how many were removed. */
  prune(madeBefore: Date): Promise<number>;
}

export interface Change {
  position: number;
  kind: ChangeKind;
  sessionId: string;
  /** The revision of the session after the change. */
  revision: number;
}

/**
 * `session`: it was created, or its fields or its place in the trash changed. `messages`: messages
 * were stored, changed or removed. `run`: a run began, was asked to cancel or ended; its events are not changes.
 * `approval`: a question was opened or closed. `removed`: the session was purged.
 */
export type ChangeKind = 'session' | 'messages' | 'run' | 'approval' | 'removed';
