import type { Session } from '@synapse/core';
import type { Change, ChangeFeed, ChangeKind, OwnerFilter } from '@synapse/core/server';
import { Waker } from '@synapse/core/store-kit';

interface KeptChange extends Change {
  owner: string | null;
  madeAtMs: number;
}

export class MemoryChangeFeed implements ChangeFeed {
  readonly #waker = new Waker(null);
  #changes: KeptChange[] = [];
  #position = 0;
  #prunedThrough = 0;

  note(kind: ChangeKind, { id, revision, owner }: Session): void {
    this.#position += 1;
    const change = { position: this.#position, kind, sessionId: id, revision };
    this.#changes.push({ ...change, owner, madeAtMs: Date.now() });
    this.#waker.wake();
  }

  async position(): Promise<number> {
    return this.#position;
  }

  async since(
    position: number,
    limit: number,
    { owner }: OwnerFilter = {},
  ): Promise<Change[] | null> {
    if (position < this.#prunedThrough || position > this.#position) return null;
    return this.#changes
      .filter((change) => change.position > position)
      .filter((change) => owner === undefined || change.owner === owner)
      .slice(0, Math.max(limit, 1))
      .map(({ owner: _owner, madeAtMs: _madeAtMs, ...change }) => change);
  }

  wake(signal: AbortSignal): AsyncIterable<void> {
    return this.#waker.listen(signal);
  }

  async prune(madeBefore: Date): Promise<number> {
    const isOld = ({ madeAtMs }: KeptChange) => madeAtMs < madeBefore.getTime();
    const last = this.#changes.findLast(isOld);
    if (!last) return 0;
    this.#prunedThrough = last.position;
    const kept = this.#changes.filter(({ position }) => position > last.position);
    const count = this.#changes.length - kept.length;
    this.#changes = kept;
    return count;
  }
}
