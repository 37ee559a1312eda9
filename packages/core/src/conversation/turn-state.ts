import { WHOLE_CONTEXT } from '../context/context-note.ts';
import { findContext } from '../context/read-context.ts';
import { LimitReachedError } from '../errors/run-errors.ts';
import type { ModelRequest, ToolDefinition } from '../ports/model-provider.ts';
import type { TurnChoice, VariantPlace } from '../ports/session-store.ts';
import { newId } from '../session/id.ts';
import { type NewMessage, newMessage, type Message } from '../session/message.ts';
import type { ContextPart } from '../session/part.ts';
import { RepeatGuard } from './repeat-guard.ts';
import { addSpending, nothingSpent } from './spending.ts';
import { Toolbox } from './toolbox.ts';
import type { TurnOptions, TurnSessions, TurnSpending } from './turn-options.ts';

const MAX_REPEATS = 5;

/** The state shared by the rounds of one turn. */
export class TurnState {
  readonly options: TurnOptions;
  readonly store: TurnStore;
  readonly repeats = new RepeatGuard();
  #toolbox: Toolbox | null = null;
  #spent: TurnSpending = nothingSpent;
  #rounds = 0;
  #answerId: string | undefined;

  constructor(options: TurnOptions) {
    this.options = options;
    this.#answerId = options.answerId;
    this.store = new TurnStore(options);
  }

  get spent(): TurnSpending {
    return this.#spent;
  }

  /** The id that the caller gave for the first answer; undefined for every later one. */
  takeAnswerId(): string | undefined {
    const id = this.#answerId;
    this.#answerId = undefined;
    return id;
  }

  /** Every round has the same tools, so that providers find the request in their cache. */
  async openToolbox(): Promise<Toolbox | null> {
    const { tools, logger, signal } = this.options;
    if (tools) this.#toolbox ??= await Toolbox.of(tools, logger, signal);
    return this.#toolbox;
  }

  async buildRequest(tools: readonly ToolDefinition[]): Promise<ModelRequest> {
    const { context, shape, lease, clock, budget } = this.options;
    const { sessions } = this.store;
    const writer = { sessions, lease, clock };
    const request = await context.request({ ...shape, tools, sessions }, writer);
    budget?.checkRequest(request);
    return request;
  }

  add(answer: NewMessage): void {
    this.#spent = addSpending(this.#spent, answer);
  }

  /** Counts one more round of tools; returns the limit that forbids it, if any. */
  nextLimit(): LimitReachedError | null {
    this.#rounds += 1;
    const maxRounds = this.options.tools?.maxRounds ?? 0;
    if (this.#rounds > maxRounds) {
      return new LimitReachedError(
        `The model asked for more than ${maxRounds} rounds of tool calls.`,
        {
          hint: 'The work so far is kept. ',
          action: { name: 'raise-rounds', text: 'Raise tools.max_rounds to allow more.' },
        },
      );
    }
    if (this.repeats.refusals >= MAX_REPEATS) {
      return new LimitReachedError('The model makes the same call over and over.', {
        hint: 'The work so far is kept. Tell the model what to do instead.',
      });
    }
    try {
      this.options.budget?.checkSpent(this.#spent);
      return null;
    } catch (error) {
      if (error instanceof LimitReachedError) return error;
      throw error;
    }
  }
}

type StoreOptions = Pick<TurnOptions, 'sessions' | 'sessionId' | 'lease' | 'clock' | 'instead'>;

/**
 * Stores the messages of one turn. A turn that replaces another is a variant, which becomes active
 * only when its last answer is stored; until then the other turn stays active.
 */
export class TurnStore {
  readonly #options: StoreOptions;
  #turn: number | null = null;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  /** The session as the turn sees it: without the turn that it replaces. */
  get sessions(): TurnSessions {
    const { sessions, instead } = this.#options;
    if (instead == null) return sessions;
    const turns: TurnChoice = { variant: this.#variant(), instead };
    return {
      append: (sessionId, messages, lease) =>
        sessions.append(sessionId, messages, lease, { turn: this.#variant() }),
      messages: (sessionId, page) => sessions.messages(sessionId, { ...page, turns }),
      promptMessages: (sessionId, page) => sessions.promptMessages(sessionId, { ...page, turns }),
    };
  }

  /** Stores the messages that begin the turn: as a rule, one question. */
  async begin(opening: readonly NewMessage[]): Promise<Message[]> {
    const { instead } = this.#options;
    if (instead == null) return this.#append(opening);
    const carried = await this.#carriedContext(instead);
    const stored = await this.#append([...opening, ...carried], { of: instead });
    this.#turn = stored[0]?.turn ?? null;
    return stored.slice(0, opening.length);
  }

  /** Stores the present state of the turn. */
  async add(messages: readonly NewMessage[]): Promise<void> {
    const isVariant = this.#options.instead != null;
    await this.#append(messages, isVariant ? { turn: this.#variant() } : undefined);
  }

  /** Stores the last messages of the turn, which then becomes part of the conversation. */
  async complete(messages: readonly NewMessage[]): Promise<void> {
    const isVariant = this.#options.instead != null;
    const place = isVariant ? { turn: this.#variant(), isChosen: true } : undefined;
    await this.#append(messages, place);
  }

  #append(messages: readonly NewMessage[], place?: VariantPlace): Promise<Message[]> {
    const { sessions, sessionId, lease } = this.#options;
    return sessions.append(sessionId, messages, lease, place);
  }

  #variant(): number {
    if (this.#turn === null) throw new Error('The turn has not begun.');
    return this.#turn;
  }

  /**
   * Pins, resets and summaries made after the replaced turn were stored in that turn. Those about
   * earlier messages apply to the variant, too.
   */
  async #carriedContext(instead: number): Promise<NewMessage[]> {
    const { sessions, sessionId, clock } = this.#options;
    const { context, note } = await findContext(sessions, sessionId);
    if (note?.turn !== instead) return [];
    const [question] = await sessions.messages(sessionId, { limit: 1, role: 'user' });
    const carried = question?.turn === instead ? contextBefore(context, question.seq) : null;
    if (carried === null) return [];
    const createdAt = clock.now();
    const id = newId(createdAt.getTime());
    return [newMessage({ id, role: 'context', parts: [carried], createdAt })];
  }
}

/** The context without its facts about message `seq` and later ones; null if they cannot be separated. */
function contextBefore(context: ContextPart, seq: number): ContextPart | null {
  if (context.summary !== null && context.summarySeq >= seq) return null;
  const before = (mark: number) => Math.min(mark, seq - 1);
  return {
    ...WHOLE_CONTEXT,
    summary: context.summary,
    summarySeq: before(context.summarySeq),
    leftOutSeq: before(context.leftOutSeq),
    collapsedSeq: before(context.collapsedSeq),
    prunedSeq: before(context.prunedSeq),
    pinnedSeqs: context.pinnedSeqs.filter((pinned) => pinned < seq),
    ...(context.refused && { refused: context.refused.filter((one) => one.seq < seq) }),
  };
}
