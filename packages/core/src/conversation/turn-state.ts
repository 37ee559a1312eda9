import { LimitReachedError } from '../errors/run-errors.ts';
import type { ModelRequest, ToolDefinition } from '../ports/model-provider.ts';
import type { NewMessage } from '../session/message.ts';
import { RepeatGuard } from './repeat-guard.ts';
import { addSpending, nothingSpent } from './spending.ts';
import { Toolbox } from './toolbox.ts';
import type { TurnOptions, TurnSpending } from './turn-options.ts';
import { TurnStore } from './turn-store.ts';

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
