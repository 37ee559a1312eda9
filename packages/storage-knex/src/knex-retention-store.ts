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
import { readAudit } from './audit.ts';
import { BatchSizer } from './batch-sizer.ts';
import type { Database } from './database.ts';
import { readLastRowNumber } from './find-messages.ts';
import { pruneChanges } from './knex-change-feed.ts';
import { hasPurged, removeUnfinished, scrub } from './purge-sessions.ts';
import { countActive, readActivityAtRank, readNewestActivity } from './read-activity.ts';
import { readMemo, releaseClaim, saveMemo, takeClaim } from './retention-memo.ts';
import { purgeExpired, readCandidates, readExpired, trashInactive } from './retire-sessions.ts';
import { dropUncheckedAttachments, readUncheckedAttachments } from './unchecked-attachments.ts';

const MAX_SESSIONS = 200;

export class KnexRetentionStore implements RetentionStore {
  readonly #database: Database;
  readonly #sizer = new BatchSizer(MAX_SESSIONS);

  constructor(database: Database) {
    this.#database = database;
  }

  candidates(query: RetentionQuery): Promise<RetentionCandidate[]> {
    return this.#database.read((tables) => readCandidates(tables, query));
  }

  activityAtRank(rank: number): Promise<Date | null> {
    return this.#database.read((tables) => readActivityAtRank(tables, rank));
  }

  countActive(range: ActivityRange, limit: number): Promise<number> {
    return this.#database.read((tables) => countActive(tables, range, limit));
  }

  newestActivity(): Promise<Date | null> {
    return this.#database.read(readNewestActivity);
  }

  mark(): Promise<number> {
    return this.#database.read(readLastRowNumber);
  }

  expiredTrash(trashedBefore: Date, limit: number): Promise<RetentionCandidate[]> {
    return this.#database.read((tables) => readExpired(tables, trashedBefore, limit));
  }

  trash(candidates: readonly RetentionCandidate[], audit: AuditNote): Promise<string[]> {
    return this.#retire(trashInactive, candidates, audit);
  }

  purge(candidates: readonly RetentionCandidate[], audit: AuditNote): Promise<string[]> {
    return this.#retire(purgeExpired, candidates, audit);
  }

  scrub(signal?: AbortSignal): Promise<void> {
    return scrub(this.#database, signal);
  }

  isScrubDue(): Promise<boolean> {
    return this.#database.read(hasPurged);
  }

  async dropForgotten(storedBefore: Date, signal?: AbortSignal): Promise<number> {
    let count = 0;
    if (!signal?.aborted) await removeUnfinished(this.#database, storedBefore, signal);
    if (!signal?.aborted) await pruneChanges(this.#database, storedBefore);
    while (!signal?.aborted) {
      const hashes = await this.#database.read((tables) =>
        readUncheckedAttachments(tables, storedBefore),
      );
      if (hashes.length === 0) break;
      count += await this.#database.write(
        (tables) => dropUncheckedAttachments(tables, hashes, storedBefore),
        {
          isRepeatable: true,
        },
      );
    }
    return count;
  }

  audit(limit: number): Promise<AuditEntry[]> {
    return this.#database.read((tables) => readAudit(tables, limit));
  }

  memo(): Promise<RetentionMemo> {
    return this.#database.read(readMemo);
  }

  saveMemo(change: Partial<RetentionMemo>): Promise<void> {
    return this.#database.write((tables) => saveMemo(tables, change), { isRepeatable: true });
  }

  claim(claim: RetentionClaim): Promise<boolean> {
    return this.#database.write((tables) => takeClaim(tables, claim), { isRepeatable: true });
  }

  releaseClaim(token: string): Promise<void> {
    return this.#database.write((tables) => releaseClaim(tables, token), { isRepeatable: true });
  }

  async #retire(
    retire: typeof trashInactive,
    candidates: readonly RetentionCandidate[],
    audit: AuditNote,
  ): Promise<string[]> {
    const ids: string[] = [];
    for (let rest = [...candidates]; rest.length > 0;) {
      const chunk = this.#sizer.take(rest, () => 1);
      rest = rest.slice(chunk.length);
      // Not repeated, because a second attempt could not tell which sessions the first one moved.
      const options = { isRepeatable: false };
      const start = performance.now();
      ids.push(...(await this.#database.write((tables) => retire(tables, chunk, audit), options)));
      const heldMs = performance.now() - start;
      this.#sizer.note(chunk.length, heldMs);
      await this.#database.dialect.yieldToOthers(heldMs);
    }
    return ids;
  }
}
