import {
  joinSignals,
  SessionBusyError,
  textOf,
  titleFrom,
  UsageError,
  type Message,
  type MessagePage,
  type NewMessage,
  type OutputSchema,
  type Part,
  type Store,
} from '@synapse/core';
import {
  listVariants,
  type CompactReport,
  type NoteWriter,
  type SessionContext,
  type TurnEvent,
  type TurnTools,
  type TurnVariant,
} from '@synapse/core/conversation';
import type { App, OpenModel } from '../wiring.ts';
import { askTurn, type TurnSetup } from './ask-turn.ts';
import { costWarning } from './cost-warning.ts';
import { HeldSession } from './held-session.ts';
import { limitCost, type RunSpending } from './limit-cost.ts';
import { openContext } from './open-context.ts';
import { startNaming, type RunningNaming } from './start-naming.ts';
import { fillOf, isFarFromFull, summariseSession } from './summarise-session.ts';

/** The parts of the application that a conversation uses. */
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
  /** The tools of the next turn; undefined if the model may use none. */
  readonly tools: TurnTools | undefined;
  /** Forgets the approvals of the session, which has ended. */
  endSession(): void;
}

export interface AskOptions {
  signal?: AbortSignal | undefined;
  /** The id of the question message; a new one by default. */
  questionId?: string | undefined;
  outputSchema?: OutputSchema | null;
  /** A session without a title is named after this text; by default after the question. */
  titleText?: string | undefined;
}

/**
 * One session that this process writes to, and the model that answers in it. Every interface asks
 * through this class. A session is created with the first question; one turn runs at a time.
 */
export class Conversation extends HeldSession {
  readonly #app: ConversationApp;
  readonly #store: Store;
  readonly #agent: ConversationAgent;
  readonly #run: RunSpending = { nanoUsd: 0 };
  #model: OpenModel;
  #context: SessionContext | null = null;
  #naming: RunningNaming | null = null;
  #turn: AsyncGenerator<TurnEvent> | null = null;
  #isAsking = false;
  #hasAsked = false;
  /** Undone turns, the last one last, as long as they can be restored. */
  #undone: number[] = [];

  constructor(app: ConversationApp, { store, model, agent }: ConversationOptions) {
    super(app, store);
    this.#app = app;
    this.#store = store;
    this.#model = model;
    this.#agent = agent;
  }

  get model(): OpenModel {
    return this.#model;
  }

  /** The context of the next request; the same object as long as session and model are the same. */
  get context(): SessionContext {
    const { setup } = this.#model;
    const session = this.session ?? { ...this.start, id: null };
    if (!this.#context || !isAbout(this.#context, session, setup)) {
      this.#context = openContext(this.#app, this.#store, session, setup, () => this.#agent.tools);
    }
    return this.#context;
  }

  /** Asks, and yields the answer as it arrives; see `runTurn` of core for storing and errors. */
  ask(prompt: string | readonly Part[], options: AskOptions = {}): AsyncGenerator<TurnEvent> {
    return this.#ask(toParts(prompt), { ...options, instead: null });
  }

  /** Asks the last question again. Its turn stays as a variant once this one is complete. */
  async *retry(options: AskOptions = {}): AsyncGenerator<TurnEvent> {
    const question = await this.lastQuestion();
    if (!question) throw new UsageError('There is no question yet.');
    yield* this.#ask(question.parts, { ...options, instead: question.turn });
  }

  /** Asks this instead of the last question, whose turn stays as a variant. */
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

  /** A warning about the cost of continuing the session, if the settings ask for one. */
  async costWarning(): Promise<string | undefined> {
    return this.session ? costWarning(this.#app, this.session, this.context) : undefined;
  }

  /** Whether an answer left enough room that no summary is needed. */
  isFarFromFull(answer: Pick<Message, 'usage' | 'parts'>): boolean {
    return isFarFromFull(this.context, answer);
  }

  /** How full the context was in a request of the running turn, in per cent; null if unknown. */
  fillOf({ usage }: Pick<Message, 'usage'>): number | null {
    return fillOf(this.context, usage);
  }

  /** Summarises older turns, if needed or if the user asks for it. */
  async summarise(options: { isForced: boolean; signal: AbortSignal }): Promise<CompactReport> {
    await this.useExisting();
    return summariseSession(this.#app, this.#store, await this.#setUp(), options);
  }

  /** The store, session and lease for a change of the context. */
  async noteWriter(): Promise<NoteWriter> {
    const { session, lease } = await this.useExisting();
    const { sessions } = this.#store;
    return { sessions, sessionId: session.id, lease, clock: this.#app.clock };
  }

  async setModel(model: OpenModel): Promise<void> {
    if (this.session !== null && !this.isReadOnly) await this.recordModel(model);
    this.#model = model;
  }

  /** Takes the last turn out of the conversation, and returns its messages. */
  async undo(): Promise<Message[]> {
    this.#refuseWhileBusy();
    if (this.session === null) return [];
    const { session, lease } = await this.use();
    const messages = await this.#store.sessions.undoTurn(session.id, lease);
    if (messages[0]) this.#undone.push(messages[0].turn);
    await this.refresh();
    return messages;
  }

  /** Restores the turn that was undone last; false if there is none. */
  async redo(): Promise<boolean> {
    const turn = this.#undone.at(-1);
    if (turn === undefined) return false;
    await this.#choose(turn);
    this.#undone.pop();
    return true;
  }

  /** The alternatives to the last turn, that turn included. */
  async variants(): Promise<TurnVariant[]> {
    return this.session ? listVariants(this.#store.sessions, this.session.id) : [];
  }

  async chooseVariant(turn: number): Promise<void> {
    await this.#choose(turn);
    this.#undone = [];
  }

  /** Removes all messages; the session itself stays. */
  async clear(): Promise<void> {
    this.#refuseWhileBusy();
    if (this.session === null) return;
    const { session, lease } = await this.use();
    await this.#store.sessions.clear(session.id, lease);
    this.#undone = [];
    await this.refresh();
  }

  /** The newest messages, the last one last. */
  async newest(limit: number, page: Omit<MessagePage, 'limit'> = {}): Promise<Message[]> {
    const { sessions } = this.#store;
    return this.session ? sessions.messages(this.session.id, { limit, ...page }) : [];
  }

  async lastQuestion(): Promise<Message | undefined> {
    return (await this.newest(1, { role: 'user' }))[0];
  }

  /** What another process stored meanwhile is part of the next request. */
  override async takeBack(choice: Parameters<HeldSession['takeBack']>[0]): Promise<number> {
    const lastSeq = await super.takeBack(choice);
    this.#context = null;
    this.#undone = [];
    return lastSeq;
  }

  /** Interrupts the running turn, stores the text received so far, and leaves the session. */
  override async leave(): Promise<void> {
    await this.#turn?.return(undefined);
    await this.#naming?.finish();
    this.#naming = null;
    this.#hasAsked = false;
    this.#undone = [];
    this.#agent.endSession();
    await super.leave();
  }

  async *#ask(
    parts: Part[],
    {
      signal,
      questionId,
      instead,
      outputSchema = null,
      titleText,
    }: AskOptions & { instead: number | null },
  ): AsyncGenerator<TurnEvent> {
    this.#refuseWhileBusy();
    this.#isAsking = true;
    const joined = joinSignals([this.closed, ...(signal ? [signal] : [])]);
    try {
      await this.#naming?.finish();
      const isFirst = await this.#begin(titleText ?? textOf(parts));
      const setup = await this.#setUp(outputSchema);
      const asked = { parts, questionId, signal: joined.signal, instead };
      this.#turn = askTurn(this.#app, this.#store, setup, asked);
      for await (const event of this.#turn) {
        if (event.type === 'message-stored') this.#undone = [];
        if (event.type === 'text-delta' && isFirst) {
          this.#naming ??= startNaming(this.#app, this.#store, setup, { question: parts, signal });
        }
        yield event;
      }
      this.closed.throwIfAborted();
    } finally {
      joined.release();
      this.#turn = null;
      this.#isAsking = false;
      this.#hasAsked = true;
    }
  }

  async #choose(turn: number): Promise<void> {
    this.#refuseWhileBusy();
    const { session, lease } = await this.useExisting();
    await this.#store.sessions.chooseVariant(session.id, turn, lease);
    await this.refresh();
  }

  /** Prepares the session for a question; returns true if the session can be named after it. */
  async #begin(titleText: string): Promise<boolean> {
    const title = titleFrom(titleText);
    const { session } = await this.use(titleText);
    if (session.title !== null || title === null) return this.isCreated && !this.#hasAsked;
    // A session that a command has created has no title until its first question.
    await this.change({ title, titleBefore: null });
    return true;
  }

  async #setUp(outputSchema: OutputSchema | null = null): Promise<TurnSetup> {
    const session = await this.recordModel(this.#model);
    const { lease } = await this.use();
    const { setup } = this.#model;
    return {
      ...{ session, lease, outputSchema },
      ...{ model: this.#model, context: this.context, tools: this.#agent.tools },
      limit: await limitCost(this.#app, this.#store, { session, setup, run: this.#run }),
    };
  }

  #refuseWhileBusy(): void {
    this.closed.throwIfAborted();
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
