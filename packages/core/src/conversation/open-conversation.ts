import { createApprover } from '../approval/create-approver.ts';
import { limitsOf } from '../context/context-budget.ts';
import { defaultContextSettings } from '../context/context-settings.ts';
import { SessionContext } from '../context/session-context.ts';
import { InterruptedError } from '../errors/run-errors.ts';
import { SessionBusyError } from '../errors/session-errors.ts';
import { joinSignals } from '../join-signals.ts';
import type { ModelOverrides } from '../models/own-models.ts';
import type { Approver } from '../ports/approver.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { ModelProvider, ModelRequest, ToolDefinition } from '../ports/model-provider.ts';
import type { Store } from '../ports/store.ts';
import type { ToolSource } from '../ports/tool-source.ts';
import { parseHandle } from '../session/handle.ts';
import { newId } from '../session/id.ts';
import type { Message, NewMessage } from '../session/message.ts';
import type { Part } from '../session/part.ts';
import type { Session } from '../session/session.ts';
import { titleFrom } from '../session/title.ts';
import { silentLogger } from '../silent-logger.ts';
import { systemClock } from '../system-clock.ts';
import { pricedBy } from '../usage/priced-by.ts';
import { keepModel } from './keep-model.ts';
import { holdLease, type HeldLease } from './hold-lease.ts';
import { lifeOfHolder, thisProcess } from './process-identity.ts';
import { createOrFind, findSession, getSession } from './resolve-session.ts';
import { runTurn } from './run-turn.ts';
import type { TurnEvent } from './turn-options.ts';

const MAX_ROUNDS = 50;

export interface ConversationOptions {
  store: Pick<Store, 'sessions' | 'attachments'>;
  provider: ModelProvider;
  model: string;
  /** An id, a name, a title, or `last`; a name that nobody has yet makes a session. Without it, a new one. */
  session?: string;
  /** What a new session begins with. */
  systemPrompt?: string;
  tools?: readonly ToolSource[];
  /** Without one, tools that only read are allowed and all others refused. */
  approver?: Approver;
  /** How many answers of a turn may call tools. */
  maxRounds?: number;
  /** What is known better than the table of models has it. */
  models?: ModelOverrides;
  clock?: Clock;
  logger?: Logger;
}

/**
 * A session, and the right to be the only one who writes to it. One turn runs at a time: what comes
 * meanwhile is refused with a SessionBusyError.
 */
export interface Conversation {
  readonly sessionId: string;

  /**
   * Asks, and yields the answer as it comes; `runTurn` says what is stored and what is thrown.
   * Whoever leaves early interrupts the answer.
   */
  stream(prompt: string | Part[], signal?: AbortSignal): AsyncGenerator<TurnEvent>;

  /** Asks, and resolves with the answer that ended the turn once it is stored. */
  send(prompt: string | Part[], signal?: AbortSignal): Promise<NewMessage>;

  /** Removes all messages; the session itself stays. */
  clear(): Promise<void>;

  /**
   * Interrupts what is under way, with what was said until then stored, and lets others write to
   * the session. The store, the provider and the tools are left open.
   */
  close(): Promise<void>;
}

/** Rejects with SessionHeldError where another process writes to the session. */
export async function openConversation(options: ConversationOptions): Promise<Conversation> {
  const { store, clock = systemClock, logger = silentLogger } = options;
  const { id: sessionId } = await findOrCreate(options, clock);
  const held = await holdLease({
    sessions: store.sessions,
    sessionId,
    holder: thisProcess(),
    clock,
    logger,
    lifeOf: lifeOfHolder,
  });
  try {
    const { provider, model } = options;
    const answerer = { provider: provider.name, model };
    // Another process may have written to it until now.
    const found = await getSession(store.sessions, sessionId);
    const session = await keepModel(store.sessions, found, answerer, held.lease);
    return new OpenConversation({ ...options, clock, logger }, session, held);
  } catch (error) {
    await held.release();
    throw error;
  }
}

class OpenConversation implements Conversation {
  readonly sessionId: string;
  readonly #options: ConversationOptions & { clock: Clock; logger: Logger };
  readonly #held: HeldLease;
  readonly #context: SessionContext;
  readonly #closed = new AbortController();
  #session: Session;
  #turn: AsyncGenerator<TurnEvent> | null = null;

  constructor(
    options: ConversationOptions & { clock: Clock; logger: Logger },
    session: Session,
    held: HeldLease,
  ) {
    this.sessionId = session.id;
    this.#options = options;
    this.#session = session;
    this.#held = held;
    this.#context = openContext(options, session);
  }

  async *stream(prompt: string | Part[], signal?: AbortSignal): AsyncGenerator<TurnEvent> {
    this.#refuseWhileBusy();
    const { store, tools, approver = readingOnly, maxRounds = MAX_ROUNDS } = this.#options;
    const joined = joinSignals([this.#closed.signal, ...(signal ? [signal] : [])]);
    const turn = runTurn({
      ...this.#options,
      sessions: store.sessions,
      sessionId: this.sessionId,
      lease: this.#held.lease,
      parts: typeof prompt === 'string' ? [{ type: 'text', text: prompt }] : prompt,
      buildRequest: (definitions) => this.#buildRequest(definitions),
      shrinkRequest: (refused) => {
        this.#context.tighten();
        return this.#buildRequest(refused.tools);
      },
      tools: tools && { sources: tools, approver, maxRounds },
      costOf: pricedBy(this.#options.models),
      signal: joined.signal,
    });
    this.#turn = turn;
    try {
      for await (const event of turn) {
        if (event.type === 'message-stored') await this.#giveTitle(event.message);
        yield event;
      }
      this.#closed.signal.throwIfAborted();
    } finally {
      joined.release();
      this.#turn = null;
    }
  }

  async send(prompt: string | Part[], signal?: AbortSignal): Promise<NewMessage> {
    for await (const event of this.stream(prompt, signal)) {
      if (event.type === 'storage-failed') throw event.error;
      if (event.type === 'turn-result') return event.message;
    }
    throw new Error('A turn ended without a result.');
  }

  async clear(): Promise<void> {
    this.#refuseWhileBusy();
    await this.#options.store.sessions.clear(this.sessionId, this.#held.lease);
  }

  async close(): Promise<void> {
    this.#closed.abort(new InterruptedError('The conversation was closed.'));
    await this.#turn?.return(undefined);
    await this.#held.release();
  }

  #refuseWhileBusy(): void {
    this.#closed.signal.throwIfAborted();
    if (this.#turn) throw new SessionBusyError('A turn of this conversation is still under way.');
  }

  #buildRequest(tools: readonly ToolDefinition[]): Promise<ModelRequest> {
    const { store, clock } = this.#options;
    const writer = { sessions: store.sessions, lease: this.#held.lease, clock };
    return this.#context.request({ tools }, writer);
  }

  async #giveTitle({ parts }: Message): Promise<void> {
    if (this.#session.title !== null) return;
    const title = titleFrom(parts);
    const { sessions } = this.#options.store;
    this.#session = await sessions.update(this.sessionId, { title }, this.#held.lease);
  }
}

/** Nobody is there to summarise, so what has no room is left out. */
function openContext(
  { store, provider: { name: provider }, model, models = {} }: ConversationOptions,
  { id: sessionId, systemPrompt }: Session,
): SessionContext {
  const { sessions, attachments } = store;
  const answerer = { provider, model };
  return new SessionContext({
    ...{ sessions, attachments, sessionId, systemPrompt, answerer },
    limits: limitsOf(answerer, models),
    settings: { ...defaultContextSettings, strategy: 'window' },
  });
}

const readingOnly = createApprover({
  policy: () => ({
    mode: 'read',
    rules: [],
    workingDirectory: '/',
    parseShell: async () => ({ commands: [], doubts: [] }),
  }),
  ask: null,
  remember: async () => undefined,
});

async function findOrCreate(
  { store: { sessions }, provider: { name: provider }, model, ...options }: ConversationOptions,
  clock: Clock,
): Promise<Session> {
  const { session: reference, systemPrompt = null } = options;
  const found =
    reference === undefined ? undefined : await findSession(sessions, reference, process.cwd());
  if (found) return found;
  const handle = reference === undefined ? null : parseHandle(reference);
  const createdAt = clock.now();
  const wanted = { id: newId(), handle, provider, model, systemPrompt, createdAt };
  return (await createOrFind(sessions, wanted)).session;
}
