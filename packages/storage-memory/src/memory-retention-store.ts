import type { RetentionStore } from '@synapse/core';
import type {
  ActivityRange,
  AuditEntry,
  AuditNote,
  RetentionCandidate,
  RetentionClaim,
  RetentionMemo,
  RetentionQuery,
} from '@synapse/core/store-kit';
import { isInForce } from './memory-leases.ts';
import type { MemoryState, SessionRecord } from './memory-state.ts';

export class MemoryRetentionStore implements RetentionStore {
  readonly #state: MemoryState;
  readonly #audit: AuditEntry[];
  #memo: RetentionMemo = {
    ...{ lastRunAt: null, heldSince: null, nextLookAt: null, announcedAt: null },
    ...{ mark: null, markBefore: null, lastHintAt: null },
  };
  #claim: { token: string; expiresAtMs: number } | undefined;

  constructor(state: MemoryState, audit: AuditEntry[]) {
    this.#state = state;
    this.#audit = audit;
  }

  async candidates({
    inactiveSince,
    mark = Infinity,
    limit,
  }: RetentionQuery): Promise<RetentionCandidate[]> {
    return this.#records()
      .filter((record) => isRemovable(record) && record.session.updatedAt < inactiveSince)
      .filter(({ mark: lastStored }) => lastStored <= mark)
      .sort(byTime(({ session }) => session.updatedAt))
      .slice(0, limit)
      .map(toCandidate);
  }

  async activityAtRank(rank: number): Promise<Date | null> {
    const times = this.#records()
      .filter(isLimited)
      .map(({ session }) => session.updatedAt.getTime())
      .sort((a, b) => b - a);
    const time = times[rank - 1];
    return time === undefined ? null : new Date(time);
  }

  async countActive({ since, before }: ActivityRange, limit: number): Promise<number> {
    const found = this.#records().filter(
      (record) =>
        isLimited(record) &&
        !(since && record.session.updatedAt < since) &&
        !(before && record.session.updatedAt >= before),
    );
    return Math.min(found.length, limit);
  }

  async mark(): Promise<number> {
    return this.#state.mark;
  }

  async newestActivity(): Promise<Date | null> {
    const times = this.#records().map(({ session }) => session.updatedAt.getTime());
    return times.length === 0 ? null : new Date(Math.max(...times));
  }

  async expiredTrash(trashedBefore: Date, limit: number): Promise<RetentionCandidate[]> {
    return this.#records()
      .filter(({ session: { deletedAt } }) => deletedAt !== null && deletedAt < trashedBefore)
      .sort(byTime(({ session }) => session.deletedAt ?? trashedBefore))
      .slice(0, limit)
      .map(toCandidate);
  }

  async trash(candidates: readonly RetentionCandidate[], note: AuditNote): Promise<string[]> {
    return this.#move('trash', candidates, note, (record) => {
      record.session.deletedAt = new Date(note.at);
      this.#state.noteChange('session', record);
    });
  }

  async purge(candidates: readonly RetentionCandidate[], note: AuditNote): Promise<string[]> {
    return this.#move('purge', candidates, note, ({ session }) => this.#state.remove([session.id]));
  }

  async scrub(): Promise<void> {
    // What is removed from the memory is gone.
  }

  async isScrubDue(): Promise<boolean> {
    return false;
  }

  async dropForgotten(storedBefore: Date): Promise<number> {
    await this.#state.changes.prune(storedBefore);
    const { newAttachments } = this.#state;
    const hashes = [...newAttachments].flatMap(([hash, { storedAtMs }]) =>
      storedAtMs < storedBefore.getTime() ? [hash] : [],
    );
    for (const hash of hashes) newAttachments.delete(hash);
    return this.#state.dropUnused(hashes);
  }

  async audit(limit: number): Promise<AuditEntry[]> {
    return structuredClone(this.#audit.toReversed().slice(0, limit));
  }

  async memo(): Promise<RetentionMemo> {
    return structuredClone(this.#memo);
  }

  async saveMemo(change: Partial<RetentionMemo>): Promise<void> {
    this.#memo = { ...this.#memo, ...structuredClone(change) };
  }

  async claim({ token, now, durationMs }: RetentionClaim): Promise<boolean> {
    const expiresAtMs = now.getTime() + durationMs;
    const { expiresAtMs: otherMs = 0 } = this.#claim ?? {};
    if (otherMs > now.getTime() && otherMs <= expiresAtMs) return false;
    this.#claim = { token, expiresAtMs };
    return true;
  }

  async releaseClaim(token: string): Promise<void> {
    if (this.#claim?.token === token) this.#claim = undefined;
  }

  #records(): SessionRecord[] {
    return [...this.#state.records.values()];
  }

  #move(
    action: AuditEntry['action'],
    candidates: readonly RetentionCandidate[],
    { at, reason }: AuditNote,
    move: (record: SessionRecord) => void,
  ): string[] {
    const records = candidates.flatMap((candidate) => {
      const record = this.#state.records.get(candidate.sessionId);
      if (!record) return [];
      const qualifies =
        action === 'purge'
          ? record.session.deletedAt !== null
          : isRemovable(record) &&
            record.session.updatedAt.getTime() === candidate.updatedAt.getTime();
      return qualifies ? [record] : [];
    });
    for (const record of records) {
      const { id, title } = record.session;
      move(record);
      this.#audit.push({ action, sessionId: id, title, at: new Date(at), reason });
    }
    return records.map(({ session }) => session.id);
  }
}

/** Whether a limit applies to the session. */
function isLimited({ session }: SessionRecord): boolean {
  const { deletedAt, pinned, archived, origin } = session;
  return deletedAt === null && !pinned && !archived && origin === null;
}

function isRemovable(record: SessionRecord): boolean {
  const { messages, lease } = record;
  return (
    isLimited(record) &&
    !(lease && isInForce(lease)) &&
    !messages.some(({ status }) => status === 'running')
  );
}

function byTime(timeOf: (record: SessionRecord) => Date) {
  return (a: SessionRecord, b: SessionRecord) =>
    timeOf(a).getTime() - timeOf(b).getTime() || (a.session.id < b.session.id ? -1 : 1);
}

function toCandidate({ session }: SessionRecord): RetentionCandidate {
  const { id, title, handle, updatedAt, messageCount } = session;
  return { sessionId: id, title, handle, updatedAt: new Date(updatedAt), messageCount };
}
