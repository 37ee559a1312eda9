import {
  InterruptedError,
  newId,
  NotPermittedError,
  SessionHeldError,
  titleFrom,
  UsageError,
  type Lease,
  type Session,
  type SessionChange,
  type Store,
} from '@synapse/core';
import {
  blankStart,
  createOrFind,
  getSession,
  type HeldLease,
  type SessionStart,
} from '@synapse/core/conversation';
import type { App, OpenModel } from '../wiring.ts';
import { holdLeaseOf, type HoldChoice } from './hold-lease-of.ts';

/** How often an idle holder looks whether another process asks for the session. */
const LOOK_MS = 250;
/** Enough for an idle holder to hand the session over. */
const HAND_OVER_MS = 2000;

/** What to do about a session that another process writes to. */
export type HeldChoice = 'wait' | 'read' | 'fork' | 'take-over';

export interface OpenOptions {
  /** Ends the lease of another process. */
  isTakenOver?: boolean | undefined;
  /** How long to wait for another process to hand the session over; see `holdLease` of core. */
  patienceMs?: number | undefined;
  /** Called if another process holds the session; without it, `open` throws SessionHeldError. */
  onHeld?: ((error: SessionHeldError) => Promise<HeldChoice>) | undefined;
  /** Ends waiting for a held session. */
  signal?: AbortSignal | undefined;
}

/**
 * The session that this process writes to. It is created when it is first used; until it is left, no
 * other process may write to it.
 */
export abstract class HeldSession {
  readonly #app: Pick<App, 'clock' | 'logger' | 'here'>;
  readonly #store: Pick<Store, 'sessions'>;
  readonly #closed = new AbortController();
  #session: Session | null = null;
  #start: SessionStart = blankStart;
  #held: HeldLease | null = null;
  /** The number of the last message that was written here before another process continued. */
  #handedOverAt: number | null = null;
  #isCreated = false;

  constructor(app: Pick<App, 'clock' | 'logger' | 'here'>, store: Pick<Store, 'sessions'>) {
    this.#app = app;
    this.#store = store;
  }

  /** The model to record in a new session. */
  abstract get model(): OpenModel;

  /** Null until the first question. */
  get session(): Session | null {
    return this.#session;
  }

  get start(): SessionStart {
    return this.#start;
  }

  /** Another process writes to the session. */
  get isReadOnly(): boolean {
    return this.#session !== null && this.#held === null;
  }

  /** Another process continues the session: it asked for it, or took it over. */
  get isHandedOver(): boolean {
    return this.#handedOverAt !== null;
  }

  /** This conversation has created the session. */
  get isCreated(): boolean {
    return this.#isCreated;
  }

  /** Aborted when the session is closed. */
  protected get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Leaves the session, and creates one for the next question. */
  async begin(start: Partial<SessionStart>): Promise<void> {
    await this.leave();
    this.#start = { ...blankStart, ...start };
  }

  /** Continues a session. Keeps the previous one if that fails. */
  async open(
    session: Session,
    { isTakenOver = false, onHeld, patienceMs, signal }: OpenOptions = {},
  ): Promise<void> {
    try {
      await this.#enter(session, { isForced: isTakenOver, patienceMs, signal });
    } catch (error) {
      if (!(error instanceof SessionHeldError) || !onHeld) throw error;
      switch (await onHeld(error)) {
        case 'wait':
          return this.#enter(session, { patienceMs: Infinity, signal: signal ?? this.closed });
        case 'read':
          return this.#enter(session, null);
        case 'fork':
          return this.#enter(await this.copyOf(session));
        case 'take-over':
          return this.#enter(session, { isForced: true });
      }
    }
  }

  /** Continues with a copy of the session. */
  async fork(handle: string | null = null): Promise<void> {
    if (this.#session) await this.open(await this.copyOf(this.#session, handle));
  }

  copyOf({ id }: Session, handle: string | null = null): Promise<Session> {
    const copy = { id: newId(), createdAt: this.#app.clock.now(), handle };
    return this.#store.sessions.fork(id, copy);
  }

  /**
   * The session, created if necessary, and the lease to change it with; throws if it is only read.
   * If another process has created one of that name in the meantime, returns that one, unless it is
   * held.
   */
  async use(titleText = ''): Promise<{ session: Session; lease: Lease }> {
    if (this.isHandedOver) await this.takeBack({ patienceMs: HAND_OVER_MS });
    if (this.#session !== null) {
      if (this.#held !== null) return { session: this.#session, lease: this.#held.lease };
      throw new NotPermittedError('Another process writes to this session; here it is read-only.', {
        hint: '/fork continues with a copy; /switch with its name takes it when it is free.',
      });
    }
    const { setup } = this.model;
    const { handle, title, systemPrompt, metadata } = this.#start;
    const { session, isNew } = await createOrFind(this.#store.sessions, {
      ...{ id: newId(), handle, systemPrompt, metadata },
      title: title ?? titleFrom(titleText),
      ...{ provider: setup.name, model: setup.model },
      workingDirectory: this.#app.here,
      createdAt: this.#app.clock.now(),
    });
    await this.#enter(session);
    this.#isCreated = isNew;
    return this.use();
  }

  /** Like `use`, but creates nothing. */
  async useExisting(): Promise<{ session: Session; lease: Lease }> {
    if (this.#session === null) throw new UsageError('There are no messages yet.');
    return this.use();
  }

  /**
   * Hands the session over as soon as another process asks for it. Call it while nothing runs here.
   * Resolves with true when the session has been handed over or was taken over, and with false when
   * the signal aborts.
   */
  async handOverWhenAsked(signal: AbortSignal): Promise<boolean> {
    const isOver = () => signal.aborted;
    while (!isOver()) {
      const held = this.#held;
      const isAsked = held !== null && (await this.#isAskedFor(held.lease));
      if (isAsked && !isOver() && this.#held === held) {
        this.#held = null;
        this.#handedOverAt = held.lease.lastSeq;
        await held.release();
        return true;
      }
      await this.#app.clock.sleep(LOOK_MS, signal).catch(() => undefined);
    }
    return false;
  }

  /**
   * Continues here what was handed over, once the other process has released it. Resolves with the
   * number of the last message that was written here.
   */
  async takeBack(choice: Pick<HoldChoice, 'patienceMs' | 'signal'>): Promise<number> {
    const [session, lastSeq] = [this.#session, this.#handedOverAt];
    if (session === null || lastSeq === null) throw new Error('The session is here.');
    const held = await holdLeaseOf(this.#app, this.#store, session.id, choice);
    try {
      this.#session = await getSession(this.#store.sessions, session.id);
    } catch (error) {
      await held.release();
      throw error;
    }
    this.#held = held;
    this.#handedOverAt = null;
    return lastSeq;
  }

  async change(change: SessionChange): Promise<Session> {
    const { session, lease } = await this.use();
    return (this.#session = await this.#store.sessions.update(session.id, change, lease));
  }

  /** Changes the session, or the one that the next question creates. */
  async setSystemPrompt(systemPrompt: string | null): Promise<void> {
    if (this.#session === null) this.#start = { ...this.#start, systemPrompt };
    else await this.change({ systemPrompt });
  }

  /** Reads the figures of the session again. */
  async refresh(): Promise<void> {
    if (this.#session === null) return;
    this.#session = await getSession(this.#store.sessions, this.#session.id);
  }

  /** Lets other processes write to the session. */
  async leave(): Promise<void> {
    const held = this.#held;
    this.#held = null;
    this.#session = null;
    this.#handedOverAt = null;
    this.#isCreated = false;
    await held?.release();
  }

  /** Aborts running work, and leaves the session for good. */
  async close(): Promise<void> {
    this.#closed.abort(new InterruptedError('The conversation was closed.'));
    await this.leave();
  }

  /** Records in the session the model that answers in it. */
  protected async recordModel({ setup: { name: provider, model } }: OpenModel): Promise<Session> {
    const { session } = await this.use();
    if (session.provider === provider && session.model === model) return session;
    return this.change({ provider, model });
  }

  async #isAskedFor(lease: Lease): Promise<boolean> {
    try {
      return (await this.#store.sessions.leaseState(lease)) !== 'held';
    } catch (error) {
      // The lease is checked again with the next write.
      this.#app.logger.debug({ error }, 'the state of a lease could not be read');
      return false;
    }
  }

  /** Null as `choice` only reads the session. */
  async #enter({ id }: Session, choice: HoldChoice | null = {}): Promise<void> {
    if (this.#session?.id === id) await this.leave();
    const held = choice && (await holdLeaseOf(this.#app, this.#store, id, choice));
    try {
      // Another process may have written to it in the meantime.
      const session = await getSession(this.#store.sessions, id);
      await this.leave();
      this.#session = session;
    } catch (error) {
      await held?.release();
      throw error;
    }
    this.#held = held;
    this.#start = blankStart;
  }
}
