import {
  SessionBusyError,
  SessionHeldError,
  SessionInTrashError,
  SessionNotFoundError,
} from '../errors/session-errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Lease, LeaseHolder, SessionStore } from '../ports/session-store.ts';
import type { HolderState } from './process-identity.ts';

const LEASE_MS = 30_000;
const RENEW_MS = 10_000;
const ASK_AGAIN_MS = 200;

export interface HoldOptions {
  sessions: SessionStore;
  sessionId: string;
  holder: LeaseHolder;
  clock: Clock;
  logger: Logger;
  lifeOf: (holder: LeaseHolder) => HolderState;
  /** Ends any lease in force, because the user asked for it. */
  isForced?: boolean;
  /**
   * How long to wait for a session that another process holds. The holder is asked to hand it over,
   * which it does once nothing runs there. With `isForced`, its lease ends after this time.
   */
  patienceMs?: number | undefined;
  /** Ends the wait. */
  signal?: AbortSignal | undefined;
}

export interface HeldLease {
  lease: Lease;
  /** Never rejects: a run that has its answer does not fail because of a later step. */
  release(): Promise<void>;
}

/** Leases that this process has given up, although the store may not know it yet. */
const abandoned = new Set<string>();

/**
 * Takes the session's lease and keeps it until the release. If the holder is known to be dead, its
 * lease ends at once. If it is known to live, its lease stays, whatever the clocks say, and
 * SessionHeldError names the holder. If neither is known, the lease stays until it expires. Throws
 * SessionInTrashError for a session in the trash.
 */
export async function holdLease(options: HoldOptions): Promise<HeldLease> {
  const { sessions, logger } = options;
  const lease = await acquire(options);
  const ended = new AbortController();

  const renewals = keepRenewing(options, lease, ended.signal).catch((error: unknown) => {
    // If the lease is lost, the store refuses the next write.
    if (!ended.signal.aborted) logger.warn({ error }, 'the lease could not be renewed');
  });

  return {
    lease,
    async release() {
      ended.abort();
      abandoned.add(lease.holder.instanceId);
      await renewals;
      try {
        await sessions.releaseLease(lease);
        abandoned.delete(lease.holder.instanceId);
      } catch (error) {
        // Others can take the session once this process has ended or the lease has expired.
        logger.warn({ error }, 'the lease could not be released');
      }
    },
  };
}

/** Retries while the store can't be reached, as long as the lease lasts. */
async function keepRenewing(
  { sessions, clock }: HoldOptions,
  lease: Lease,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; ;) {
    await clock.sleep(RENEW_MS, signal);
    try {
      await sessions.renewLease(lease, LEASE_MS);
      failures = 0;
    } catch (error) {
      failures += 1;
      if (error instanceof SessionBusyError || failures * RENEW_MS >= LEASE_MS) throw error;
    }
  }
}

async function acquire(options: HoldOptions): Promise<Lease> {
  const { sessions, sessionId, clock, isForced = false, patienceMs = 0, signal } = options;
  const endMs = clock.monotonicMs() + patienceMs;
  for (;;) {
    const leftMs = endMs - clock.monotonicMs();
    try {
      return await take(options, isForced && leftMs <= 0);
    } catch (error) {
      if (!(error instanceof SessionHeldError) || leftMs <= 0) throw error;
      await sessions.requestHandOver(sessionId, error.lease.token);
      await clock.sleep(Math.min(leftMs, ASK_AGAIN_MS), signal ?? new AbortController().signal);
    }
  }
}

async function take(options: HoldOptions, isForced: boolean): Promise<Lease> {
  const { sessions, sessionId, holder, lifeOf } = options;
  const request = { holder, durationMs: LEASE_MS };
  try {
    return await sessions.acquireLease(sessionId, request);
  } catch (error) {
    if (error instanceof SessionNotFoundError) {
      const session = await sessions.get(sessionId);
      if (session?.deletedAt) throw new SessionInTrashError(session.handle ?? session.id);
    }
    if (!(error instanceof SessionHeldError)) throw error;
    const { holder: other, token } = error.lease;
    const life = abandoned.has(other.instanceId) ? 'dead' : lifeOf(other);
    if (isForced || life === 'dead') {
      return sessions.acquireLease(sessionId, { ...request, takeOver: token });
    }
    if (life === 'alive' || !error.hasExpired) throw error;
    return sessions.acquireLease(sessionId, { ...request, takeExpired: token });
  }
}
