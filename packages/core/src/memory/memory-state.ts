import { SessionBusyError, SessionNotFoundError } from '../errors/session-errors.ts';
import type { Lease } from '../ports/session-store.ts';
import type { Message } from '../session/message.ts';
import type { Session } from '../session/session.ts';

export interface SessionRecord {
  session: Session;
  messages: Message[];
  nextSeq: number;
  leaseToken: number;
  lease: Lease | null;
  /** Hashes of what its messages refer to, or referred to before they were undone. */
  attachments: Set<string>;
}

/** What the parts of a memory store share. */
export class MemoryState {
  readonly records = new Map<string, SessionRecord>();
  readonly attachments = new Map<string, Uint8Array>();

  /** Living or in the trash. */
  existing(id: string): SessionRecord {
    const record = this.records.get(id);
    if (!record) throw new SessionNotFoundError(id);
    return record;
  }

  writable(id: string, lease: Lease | null): SessionRecord {
    const record = this.existing(id);
    if (record.session.deletedAt) throw new SessionNotFoundError(id);
    if (lease && record.lease?.token !== lease.token) {
      throw new SessionBusyError(`Another process has taken over session ${id}.`);
    }
    return record;
  }

  isHandleTaken(handle: string | null, exceptId: string): boolean {
    return (
      handle !== null &&
      [...this.records.values()].some(
        ({ session }) =>
          session.handle === handle && session.id !== exceptId && session.deletedAt === null,
      )
    );
  }

  /** Drops, of these hashes, the bytes that no session holds on to. */
  dropUnused(hashes: Iterable<string>): void {
    for (const hash of hashes) {
      const isUsed = [...this.records.values()].some(({ attachments }) => attachments.has(hash));
      if (!isUsed) this.attachments.delete(hash);
    }
  }
}
