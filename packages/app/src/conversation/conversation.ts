import {
  createOrFind,
  getSession,
  listVariants,
  newId,
  NotPermittedError,
  titleFrom,
  type HeldLease,
  type Lease,
  type Message,
  type MessagePage,
  type NoteWriter,
  type Part,
  type Session,
  type SessionChange,
  type SessionContext,
  type Store,
  type TurnEvent,
  type TurnVariant,
} from '@synapse/core';
import type { Agent } from '../agent/open-agent.ts';
import { askSession } from './ask-session.ts';
import { holdLeaseOf } from './hold-lease-of.ts';
import { limitCost, type RunSpending } from './limit-cost.ts';
import { openContext } from './open-context.ts';
import { startNaming, type RunningNaming } from './start-naming.ts';
import { describeSummary, isFarFromFull, summariseSession } from './summarise-session.ts';
import type { Talk } from './talk.ts';
import type { App, OpenModel } from '../wiring.ts';

/** What a session is to be once something is said in it. */
export interface SessionWish {
  handle: string | null;
  title: string | null;
  systemPrompt: string | null;
}

export const noWish: SessionWish = { handle: null, title: null, systemPrompt: null };

/** The session that is talked in, which this process holds, and the model that answers. */
export class Conversation {
  readonly #app: App;
  readonly #store: Store;
  #model: OpenModel;
  readonly #agent: Pick<Agent, 'tools' | 'endSession'>;
  #session: Session | null = null;
  #wish: SessionWish = noWish;
  #held: HeldLease | null = null;
  #context: SessionContext | null = null;
  #naming: RunningNaming | null = null;
  readonly #run: RunSpending = { nanoUsd: 0 };
  /** Turns that were taken back, the last one last, as long as they can be brought back. */
  #undone: number[] = [];

  constructor(
    app: App,
    store: Store,
    model: OpenModel,
    agent: Pick<Agent, 'tools' | 'endSession'>,
  ) {
    this.#app = app;
    this.#store = store;
    this.#model = model;
    this.#agent = agent;
  }

  /** Null until something is said. */
  get session(): Session | null {
    return this.#session;
  }

  get wish(): SessionWish {
    return this.#wish;
  }

  get model(): OpenModel {
    return this.#model;
  }

  /** What goes into the next request; the same object as long as session and model are the same. */
  get context(): SessionContext {
    const { setup } = this.#model;
    const session = this.#session ?? { ...this.#wish, id: null };
    if (!this.#context || !isAbout(this.#context, session, setup)) {
      this.#context = openContext(this.#app, this.#store, session, setup, () => this.#agent.tools);
    }
    return this.#context;
  }

  /** Another process writes to the session. */
  get isReadOnly(): boolean {
    return this.#session !== null && this.#held === null;
  }

  /**
   * The session, made if need be, and the right to change it; throws where it is only read. Where
   * another process has made one of that name by now, it is that one, unless it is held.
   */
  async use(
    parts: readonly Part[] = [],
  ): Promise<{ session: Session; lease: Lease; isNew: boolean }> {
    if (this.#session !== null) {
      if (this.#held !== null)
        return { session: this.#session, lease: this.#held.lease, isNew: false };
      throw new NotPermittedError('This session is open elsewhere; here it is only read.', {
        hint: '/fork goes on with a copy; /switch with its name takes it when it is free.',
      });
    }
    const { setup } = this.#model;
    const { session, isNew } = await createOrFind(this.#store.sessions, {
      id: newId(),
      handle: this.#wish.handle,
      title: this.#wish.title ?? titleFrom(parts),
      provider: setup.name,
      model: setup.model,
      systemPrompt: this.#wish.systemPrompt,
      workingDirectory: this.#app.here,
      createdAt: this.#app.clock.now(),
    });
    await this.enter(session, 'hold');
    return { ...(await this.use()), isNew };
  }

  /** Leaves the session, and begins one as soon as something is said. */
  async begin(wish: SessionWish): Promise<void> {
    await this.leave();
    this.#wish = wish;
  }

  /**
   * Goes on with a session: `hold` takes it, or throws SessionHeldError and stays where it was;
   * `force` ends another's lease; `read` only looks.
   */
  async enter({ id }: Session, how: 'hold' | 'force' | 'read'): Promise<void> {
    const isForced = how === 'force';
    const isHere = this.#session?.id === id;
    if (isHere) await this.leave();
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
    this.#wish = noWish;
  }

  async leave(): Promise<void> {
    await this.#naming?.finish();
    this.#naming = null;
    const held = this.#held;
    this.#held = null;
    this.#session = null;
    this.#undone = [];
    this.#agent.endSession();
    await held?.release();
  }

  async change(change: SessionChange): Promise<Session> {
    const { session, lease } = await this.use();
    return (this.#session = await this.#store.sessions.update(session.id, change, lease));
  }

  /** What is wished for the next session, or changed in this one. */
  async setSystemPrompt(systemPrompt: string | null): Promise<void> {
    if (this.#session === null) this.#wish = { ...this.#wish, systemPrompt };
    else await this.change({ systemPrompt });
  }

  async setModel(model: OpenModel): Promise<void> {
    const { name: provider, model: name } = model.setup;
    if (this.#session !== null && !this.isReadOnly) await this.change({ provider, model: name });
    this.#model = model;
  }

  /** `instead`: the last turn, which this one takes the place of when it is complete. */
  async *ask(
    parts: Part[],
    { signal, instead }: { signal: AbortSignal; instead: number | null },
  ): AsyncGenerator<TurnEvent> {
    await this.#naming?.finish();
    const { isNew, ...talk } = await this.#talk(parts);
    const asked = askSession(this.#app, this.#store, talk, { parts, signal, instead });
    for await (const event of asked) {
      if (event.type === 'message-stored') this.#undone = [];
      if (isNew && event.type === 'text-delta') {
        this.#naming ??= startNaming(this.#app, this.#store, talk, { question: parts });
      }
      yield event;
    }
  }

  /** Summarises older turns, if there is need or the person wants it; gives what there is to say. */
  async summarise(options: {
    isForced: boolean;
    signal: AbortSignal;
  }): Promise<string | undefined> {
    const talk = await this.#talk();
    const report = await summariseSession(this.#app, this.#store, talk, options);
    const text = describeSummary(report);
    return options.isForced ? (text ?? report.reason ?? 'nothing had to be summarised') : text;
  }

  /** Whether the last answer left room enough that no summary is needed. */
  isFarFromFull(answer: Pick<Message, 'usage' | 'parts'>): boolean {
    return isFarFromFull({ context: this.context }, answer);
  }

  /** What a change of the context takes. */
  async noteWriter(): Promise<NoteWriter> {
    const { session, lease } = await this.use();
    const { sessions } = this.#store;
    return { sessions, sessionId: session.id, lease, clock: this.#app.clock };
  }

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

  async clear(): Promise<void> {
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

  /** Reads the figures of the session anew. */
  async refresh(): Promise<void> {
    if (this.#session === null) return;
    this.#session = await getSession(this.#store.sessions, this.#session.id);
  }

  async #choose(turn: number): Promise<void> {
    const { session, lease } = await this.use();
    await this.#store.sessions.chooseVariant(session.id, turn, lease);
    await this.refresh();
  }

  /** A session that a command created has no title yet; its first question gives it one. */
  async #giveTitle(session: Session, parts: readonly Part[]): Promise<Session> {
    const title = session.title === null ? titleFrom(parts) : null;
    return title === null ? session : this.change({ title, titleBefore: null });
  }

  async #talk(parts: readonly Part[] = []): Promise<Talk & { isNew: boolean }> {
    const used = await this.use(parts);
    const session = await this.#giveTitle(used.session, parts);
    const { setup } = this.#model;
    return {
      isNew: used.isNew || session !== used.session,
      ...{ session, lease: used.lease, model: this.#model, context: this.context },
      ...{ tools: this.#agent.tools, outputSchema: null },
      limit: await limitCost(this.#app, this.#store, { session, setup, run: this.#run }),
    };
  }
}

function isAbout(
  { options: { sessionId, systemPrompt, answerer } }: SessionContext,
  session: { id: string | null; systemPrompt: string | null },
  { name, model }: OpenModel['setup'],
): boolean {
  const isSession = sessionId === session.id && systemPrompt === session.systemPrompt;
  return isSession && answerer.provider === name && answerer.model === model;
}
