import {
  InterruptedError,
  joinSignals,
  newId,
  NotPermittedError,
  SessionBusyError,
  SessionHeldError,
  titleFrom,
  type Lease,
  type Message,
  type MessagePage,
  type NewMessage,
  type OutputSchema,
  type Part,
  type Session,
  type SessionChange,
  type Store,
} from '@synapse/core';
import {
  createOrFind,
  getSession,
  recordModel,
  listVariants,
  type CompactReport,
  type HeldLease,
  type NoteWriter,
  type SessionContext,
  type TurnEvent,
  type TurnTools,
  type TurnVariant,
} from '@synapse/core/conversation';
import type { App, OpenModel } from '../wiring.ts';
import { askTurn, type TurnSetup } from './ask-turn.ts';
import { costWarning } from './cost-warning.ts';
import { holdLeaseOf } from './hold-lease-of.ts';
import { limitCost, type RunSpending } from './limit-cost.ts';
import { openContext } from './open-context.ts';
import { startNaming, type RunningNaming } from './start-naming.ts';
import { isFarFromFull, summariseSession } from './summarise-session.ts';

const HELD_RETRY_MS = 500;

/** What of the application a conversation works with. */
export type ConversationApp = Pick<
  App,
  'settings' | 'clock' | 'logger' | 'places' | 'here' | 'openModel'
>;

export interface ConversationOptions {
  store: Store;
  model: OpenModel;
  agent: ConversationAgent;
}

export interface ConversationAgent {
  /** Those of the next turn; undefined where the model may use none. */
  readonly tools: TurnTools | undefined;
  /** Forgets what was approved for the session, which has ended. */
  endSession(): void;
}

/** What a session begins with that is created for the next question. */
export interface SessionStart {
  handle: string | null;
  /** The text of the question, unless given. */
  title: string | null;
  systemPrompt: string | null;
}

export const blankStart: SessionStart = { handle: null, title: null, systemPrompt: null };

/** What to do about a session that another process writes to. */
export type HeldChoice = 'wait' | 'read' | 'fork' | 'take-over';

export interface OpenOptions {
  /** Ends the hold of another process. */
  isTakenOver?: boolean;
  /** Asked where another process holds the session; without it, `open` throws SessionHeldError. */
  onHeld?: ((error: SessionHeldError) => Promise<HeldChoice>) | undefined;
  /** Ends waiting for a session that is held. */
  signal?: AbortSignal | undefined;
}

export interface AskOptions {
  signal?: AbortSignal | undefined;
  outputSchema?: OutputSchema | null;
}

/**
 * One session that this process writes to, and the model that answers in it. Every face asks through
 * this class. A session is created with the first question; one turn runs at a time.
 */
export class Conversation {
  readonly #app: ConversationApp;
  readonly #store: Store;
  readonly #agent: ConversationAgent;
  readonly #run: RunSpending = { nanoUsd: 0 };
  readonly #closed = new AbortController();
  #model: OpenModel;
  #session: Session | null = null;
  #start: SessionStart = blankStart;
  #held: HeldLease | null = null;
  #context: SessionContext | null = null;
  #naming: RunningNaming | null = null;
  #turn: AsyncGenerator<TurnEvent> | null = null;
  #isAsking = false;
  /** The session has no answer yet that it could be named by. */
  #isNew = false;
  /** Turns that were taken back, the last one last, as long as they can be brought back. */
  #undone: number[] = [];

  constructor(app: ConversationApp, { store, model, agent }: ConversationOptions) {
    this.#app = app;
    this.#store = store;
    this.#model = model;
    this.#agent = agent;
  }

  /** Null until the first question. */
  get session(): Session | null {
    return this.#session;
  }

  get start(): SessionStart {
    return this.#start;
  }

  get model(): OpenModel {
    return this.#model;
  }

  /** What goes into the next request; the same object as long as session and model are the same. */
  get context(): SessionContext {
    const { setup } = this.#model;
    const session = this.#session ?? { ...this.#start, id: null };
    if (!this.#context || !isAbout(this.#context, session, setup)) {
      this.#context = openContext(this.#app, this.#store, session, setup, () => this.#agent.tools);
    }
    return this.#context;
  }

  /** Another process writes to the session. */
  get isReadOnly(): boolean {
    return this.#session !== null && this.#held === null;
  }

  /** The session has no question yet, or its first one is being answered. */
  get isNew(): boolean {
    return this.#session === null || this.#isNew;
  }

  /** Leaves the session, and creates one for the next question. */
  async begin(start: Partial<SessionStart>): Promise<void> {
    await this.leave();
    this.#start = { ...blankStart, ...start };
  }

  /** Continues a session. Stays in the one before where that fails. */
  async open(
    session: Session,
    { isTakenOver = false, onHeld, signal }: OpenOptions = {},
  ): Promise<void> {
    try {
      await this.#enter(session, isTakenOver ? 'force' : 'hold');
    } catch (error) {
      if (!(error instanceof SessionHeldError) || !onHeld) throw error;
      switch (await onHeld(error)) {
        case 'wait':
          return this.#waitFor(session, signal);
        case 'read':
          return this.#enter(session, 'read');
        case 'fork':
          return this.#enter(await this.copyOf(session), 'hold');
        case 'take-over':
          return this.#enter(session, 'force');
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
   * The session, created if need be, and the right to change it; throws where it is only read. Where
   * another process has created one of that name by now, it is that one, unless it is held.
   */
  async use(titleText = ''): Promise<{ session: Session; lease: Lease }> {
    if (this.#session !== null) {
      if (this.#held !== null) return { session: this.#session, lease: this.#held.lease };
      throw new NotPermittedError('Another process writes to this session; here it is read-only.', {
        hint: '/fork continues with a copy; /switch with its name takes it when it is free.',
      });
    }
    const { setup } = this.#model;
    const { handle, title, systemPrompt } = this.#start;
    const { session, isNew } = await createOrFind(this.#store.sessions, {
      ...{ id: newId(), handle, systemPrompt },
      title: title ?? titleFrom([{ type: 'text', text: titleText }]),
      ...{ provider: setup.name, model: setup.model },
      workingDirectory: this.#app.here,
      createdAt: this.#app.clock.now(),
    });
    await this.#enter(session, 'hold');
    this.#isNew = isNew;
    return this.use();
  }

  /** Asks, and yields the answer as it comes; `runTurn` of core says what is stored and thrown. */
  ask(prompt: string | readonly Part[], options: AskOptions = {}): AsyncGenerator<TurnEvent> {
    return this.#ask(toParts(prompt), { ...options, instead: null });
  }

  /** Asks the last question again. Its turn stays as a variant once this one is complete. */
  async *retry(options: AskOptions = {}): AsyncGenerator<TurnEvent> {
    const question = await this.lastQuestion();
    if (question) yield* this.#ask(question.parts, { ...options, instead: question.turn });
  }

  /** Asks this in the place of the last question, whose turn stays as a variant. */
  async *edit(
    prompt: string | readonly Part[],
    options: AskOptions = {},
  ): AsyncGenerator<TurnEvent> {
    const question = await this.lastQuestion();
    yield* this.#ask(toParts(prompt), { ...options, instead: question?.turn ?? null });
  }

  /** Asks, and resolves with the answer that ends the turn, once it is stored. */
  async send(prompt: string | readonly Part[], options: AskOptions = {}): Promise<NewMessage> {
    for await (const event of this.ask(prompt, options)) {
      if (event.type === 'storage-failed') throw event.error;
      if (event.type === 'turn-result') return event.message;
    }
    throw new Error('A turn ended without a result.');
  }

  /** What continuing the session costs, where the settings want a warning of so much. */
  async costWarning(): Promise<string | undefined> {
    return this.#session ? costWarning(this.#app, this.#session, this.context) : undefined;
  }

  /** Whether an answer left room enough that no summary is needed. */
  isFarFromFull(answer: Pick<Message, 'usage' | 'parts'>): boolean {
    return isFarFromFull(this.context, answer);
  }

  /** Summarises older turns, where there is need or the person wants it. */
  async summarise(options: { isForced: boolean; signal: AbortSignal }): Promise<CompactReport> {
    return summariseSession(this.#app, this.#store, await this.#setUp(), options);
  }

  /** What a change of the context takes. */
  async noteWriter(): Promise<NoteWriter> {
    const { session, lease } = await this.use();
    const { sessions } = this.#store;
    return { sessions, sessionId: session.id, lease, clock: this.#app.clock };
  }

  async change(change: SessionChange): Promise<Session> {
    const { session, lease } = await this.use();
    return (this.#session = await this.#store.sessions.update(session.id, change, lease));
  }

  /** Of the next session, or of this one. */
  async setSystemPrompt(systemPrompt: string | null): Promise<void> {
    if (this.#session === null) this.#start = { ...this.#start, systemPrompt };
    else await this.change({ systemPrompt });
  }

  async setModel(model: OpenModel): Promise<void> {
    if (this.#session !== null && this.#held !== null) await this.#keep(model);
    this.#model = model;
  }

  /** Takes the last turn out of the conversation, and returns its messages. */
  async undo(): Promise<Message[]> {
    const { session, lease } = await this.use();
    const messages = await this.#store.sessions.undoTurn(session.id, lease);
    if (messages[0]) this.#undone.push(messages[0].turn);
    await this.refresh();
    return messages;
  }

  /** Brings back what was taken back last; false where there is nothing. */
  async redo(): Promise<boolean> {
    const turn = this.#undone.at(-1);
    if (turn === undefined) return false;
    await this.#choose(turn);
    this.#undone.pop();
    return true;
  }

  /** The turns in the place of the last one. */
  async variants(): Promise<TurnVariant[]> {
    return this.#session ? listVariants(this.#store.sessions, this.#session.id) : [];
  }

  async chooseVariant(turn: number): Promise<void> {
    await this.#choose(turn);
    this.#undone = [];
  }

  /** Removes all messages; the session itself stays. */
  async clear(): Promise<void> {
    this.#refuseWhileBusy();
    const { session, lease } = await this.use();
    await this.#store.sessions.clear(session.id, lease);
    this.#undone = [];
    await this.refresh();
  }

  /** The newest messages, the last one last. */
  async newest(limit: number, page: Omit<MessagePage, 'limit'> = {}): Promise<Message[]> {
    const { sessions } = this.#store;
    return this.#session ? sessions.messages(this.#session.id, { limit, ...page }) : [];
  }

  async lastQuestion(): Promise<Message | undefined> {
    return (await this.newest(1, { role: 'user' }))[0];
  }

  /** Reads the figures of the session again. */
  async refresh(): Promise<void> {
    if (this.#session === null) return;
    this.#session = await getSession(this.#store.sessions, this.#session.id);
  }

  /** Lets other processes write to the session. */
  async leave(): Promise<void> {
    await this.#naming?.finish();
    this.#naming = null;
    const held = this.#held;
    this.#held = null;
    this.#session = null;
    this.#isNew = false;
    this.#undone = [];
    this.#agent.endSession();
    await held?.release();
  }

  /**
   * Interrupts what is under way, with the text until then stored, and leaves the session for good.
   * Store, provider and tools stay open.
   */
  async close(): Promise<void> {
    this.#closed.abort(new InterruptedError('The conversation was closed.'));
    await this.#turn?.return(undefined);
    await this.leave();
  }

  async *#ask(
    parts: Part[],
    { signal, instead, outputSchema = null }: AskOptions & { instead: number | null },
  ): AsyncGenerator<TurnEvent> {
    this.#refuseWhileBusy();
    this.#isAsking = true;
    const joined = joinSignals([this.#closed.signal, ...(signal ? [signal] : [])]);
    try {
      await this.#naming?.finish();
      const setup = await this.#setUp(parts, outputSchema);
      const asked = { parts, signal: joined.signal, instead };
      this.#turn = askTurn(this.#app, this.#store, setup, asked);
      for await (const event of this.#turn) {
        if (event.type === 'message-stored') this.#undone = [];
        if (event.type === 'text-delta' && this.#isNew) {
          this.#naming ??= startNaming(this.#app, this.#store, setup, { question: parts, signal });
        }
        yield event;
      }
      this.#closed.signal.throwIfAborted();
    } finally {
      joined.release();
      this.#turn = null;
      this.#isAsking = false;
      this.#isNew = false;
    }
  }

  /** `hold` takes the session, `force` ends another's lease, `read` only reads. */
  async #enter({ id }: Session, how: 'hold' | 'force' | 'read'): Promise<void> {
    if (this.#session?.id === id) await this.leave();
    const isForced = how === 'force';
    const held =
      how === 'read' ? null : await holdLeaseOf(this.#app, this.#store, id, { isForced });
    try {
      // Another process may have written to it until now.
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

  async #waitFor(session: Session, signal?: AbortSignal): Promise<void> {
    for (;;) {
      await this.#app.clock.sleep(HELD_RETRY_MS, signal ?? this.#closed.signal);
      try {
        await this.#enter(session, 'hold');
        return;
      } catch (error) {
        if (!(error instanceof SessionHeldError)) throw error;
      }
    }
  }

  async #choose(turn: number): Promise<void> {
    const { session, lease } = await this.use();
    await this.#store.sessions.chooseVariant(session.id, turn, lease);
    await this.refresh();
  }

  /** The session names the model that answers in it. */
  async #keep({ setup: { name: provider, model } }: OpenModel): Promise<Session> {
    const { session, lease } = await this.use();
    const answerer = { provider, model };
    return (this.#session = await recordModel(this.#store.sessions, session, answerer, lease));
  }

  async #setUp(
    parts: readonly Part[] = [],
    outputSchema: OutputSchema | null = null,
  ): Promise<TurnSetup> {
    await this.use(titleFrom(parts) ?? '');
    await this.#keep(this.#model);
    await this.#giveTitle(parts);
    const { session, lease } = await this.use();
    const { setup } = this.#model;
    return {
      ...{ session, lease, outputSchema },
      ...{ model: this.#model, context: this.context, tools: this.#agent.tools },
      limit: await limitCost(this.#app, this.#store, { session, setup, run: this.#run }),
    };
  }

  /** A session that a command has created has no title until its first question. */
  async #giveTitle(parts: readonly Part[]): Promise<void> {
    const { session } = await this.use();
    const title = session.title === null ? titleFrom(parts) : null;
    if (title === null) return;
    await this.change({ title, titleBefore: null });
    this.#isNew = true;
  }

  #refuseWhileBusy(): void {
    this.#closed.signal.throwIfAborted();
    if (this.#isAsking)
      throw new SessionBusyError('A turn of this conversation is still under way.');
  }
}

function toParts(prompt: string | readonly Part[]): Part[] {
  return typeof prompt === 'string' ? [{ type: 'text', text: prompt }] : [...prompt];
}

function isAbout(
  { options: { sessionId, systemPrompt, answerer } }: SessionContext,
  session: { id: string | null; systemPrompt: string | null },
  { name, model }: OpenModel['setup'],
): boolean {
  const isSession = sessionId === session.id && systemPrompt === session.systemPrompt;
  return isSession && answerer.provider === name && answerer.model === model;
}
