import { findContext, WHOLE_CONTEXT } from '../context/context-note.ts';
import type { SessionStore, TurnChoice, VariantPlace } from '../ports/session-store.ts';
import { newId } from '../session/id.ts';
import { newMessage, type Message, type NewMessage } from '../session/message.ts';
import type { ContextPart } from '../session/part.ts';
import type { TurnOptions } from './turn-options.ts';

/** The messages that the request of a turn is built from, and the store of its notes. */
export type TurnSessions = Pick<SessionStore, 'append' | 'messages' | 'promptMessages'>;

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
