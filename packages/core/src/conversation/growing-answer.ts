import { ProviderError } from '../errors/provider-error.ts';
import { InterruptedError, LimitReachedError } from '../errors/run-errors.ts';
import { SynapseError } from '../errors/synapse-error.ts';
import type { ModelRequest } from '../ports/model-provider.ts';
import type { StreamEvent, TurnEnd } from '../ports/stream-event.ts';
import { withoutReplay } from '../providers/without-replay.ts';
import { newId } from '../session/id.ts';
import { newMessage, type NewMessage } from '../session/message.ts';
import { MAX_MESSAGE_LENGTH } from '../session/message-length.ts';
import type { Part, ToolCallPart } from '../session/part.ts';
import type { Cost, Usage } from '../session/usage.ts';
import { reportedCost } from '../usage/cost.ts';
import { estimateUsage } from '../usage/estimate-usage.ts';
import { MessageCollector } from './collect-message.ts';
import { isBound, sentPrefix } from './sent-prefix.ts';
import type { TurnOptions } from './turn-options.ts';
import type { TurnStore } from './turn-state.ts';

const CHECKPOINT_MS = 1000;
/** Far more than the calls that one answer may run. */
const MAX_CALLS = 1024;

/** One answer as it grows: its parts, its times, and how far it is stored. */
export class GrowingAnswer {
  readonly #options: TurnOptions;
  readonly #store: TurnStore;
  readonly #collector = new MessageCollector();
  readonly #id: string;
  readonly #createdAt: Date;
  #request: ModelRequest | null = null;
  /** Hashes of the request as sent to the first provider, and as sent to a fallback. */
  #prefixes: { first?: string; fallback?: string } = {};
  #startedMs = 0;
  #endedMs: number | null = null;
  #firstTokenMs: number | null = null;
  #checkpointMs = 0;
  #checkpoint: Promise<SynapseError | null> = Promise.resolve(null);
  #isCheckpointing = false;

  constructor(options: TurnOptions, store: TurnStore, id: string | undefined) {
    this.#options = options;
    this.#store = store;
    this.#createdAt = options.clock.now();
    this.#id = id ?? newId(this.#createdAt.getTime());
  }

  get turnEnd(): TurnEnd | null {
    return this.#collector.turnEnd;
  }

  /** Part of the answer was shown, so a retry would repeat it. */
  get hasBegun(): boolean {
    return this.#collector.sawVisible;
  }

  start(request: ModelRequest): void {
    this.#request = request;
    this.#prefixes = {};
    this.#startedMs = this.#options.clock.monotonicMs();
    this.#checkpointMs = this.#startedMs;
  }

  add(event: StreamEvent): void {
    if (this.#collector.lengthWith(event) > MAX_MESSAGE_LENGTH) throw this.#endless('16 MiB');
    this.#collector.add(event);
    // Calls may be so small that the limit of length never stops them.
    if (this.#collector.callCount > MAX_CALLS) throw this.#endless(`${MAX_CALLS} tool calls`);
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#collector.sawVisible) this.#firstTokenMs ??= nowMs - this.#startedMs;
    if (event.type === 'turn-end') this.#endedMs = nowMs;
    if (nowMs - this.#checkpointMs < CHECKPOINT_MS || this.#isCheckpointing) return;
    this.#checkpointMs = nowMs;
    this.#isCheckpointing = true;
    // Not awaited: the stream never waits for the disk.
    this.#checkpoint = this.#append([this.running()]).finally(() => {
      this.#isCheckpointing = false;
    });
    // A failure other than StorageError surfaces at the next store; until then nothing awaits it.
    this.#checkpoint.catch(() => undefined);
  }

  calls(): ToolCallPart[] {
    return this.#collector.parts().filter((part) => part.type === 'tool-call');
  }

  /** What is stored while the answer streams: a reader finds the part received so far. */
  running(): NewMessage {
    return { ...this.#snapshot(), status: 'running' };
  }

  completed(): NewMessage {
    const snapshot = this.#snapshot();
    const { turnEnd, answerer } = this.#collector;
    const provider = answerer?.provider ?? this.#options.provider.name;
    const askedModel = answerer?.askedModel ?? this.#options.model;
    const model = answerer?.model ?? askedModel;
    const usage = turnEnd?.usage ?? this.#estimate(snapshot.parts);
    return {
      ...snapshot,
      ...{ provider, model, askedProvider: provider, askedModel },
      usage,
      finishReason: turnEnd?.finishReason ?? null,
      cost:
        reportedCost(turnEnd?.costNanoUsd) ??
        (usage && this.#priceOf(usage, provider, [model, askedModel])),
    };
  }

  failed(error: unknown): NewMessage {
    const { code, message } =
      error instanceof SynapseError
        ? error
        : { code: 'SYNAPSE_BUG', message: 'An unexpected fault ended the answer.' };
    const wasStopped = error instanceof InterruptedError || error instanceof LimitReachedError;
    const status = wasStopped ? 'interrupted' : 'failed';
    return { ...this.completed(), status, error: { code, message } };
  }

  #endless(limit: string): ProviderError {
    const provider = this.#options.provider.name;
    return new ProviderError(`The answer of ${provider} exceeded ${limit} and was stopped.`, {
      provider,
      reason: 'response-too-large',
      isRetryable: false,
      hint: 'The text received is kept, and marked as failed. Set max_tokens of the provider to limit answers.',
    });
  }

  /** Stores all or none; returns the error if they could not be stored. */
  async store(...messages: NewMessage[]): Promise<SynapseError | null> {
    await this.#checkpoint;
    return this.#append(messages);
  }

  /** The same for the message that ends the turn. */
  async storeLast(message: NewMessage): Promise<SynapseError | null> {
    await this.#checkpoint;
    return this.#attempt(this.#store.complete([message]));
  }

  /**
   * The price of the model that answered, or else of the requested one: a deployment may have a
   * price only under its own name.
   */
  #priceOf(usage: Usage, provider: string, models: readonly string[]): Cost | null {
    const costs = models.map((model) => this.#options.prices.costOf(usage, provider, model));
    return costs.find((cost) => cost !== null) ?? null;
  }

  /**
   * The request and the answer cost money, even if the answer broke off or has no reported figures.
   */
  #estimate(parts: Part[]): Usage | null {
    if (!this.#request || !this.#collector.isPaid) return null;
    return estimateUsage(this.#request, parts, this.#collector.usage);
  }

  /** The parts; those that the provider has bound to the request get its hash. */
  #boundParts(): Part[] {
    return this.#collector.parts().map((part) => {
      if (!isBound(part)) return part;
      return { ...part, replay: { ...part.replay, prefix: this.#prefix() } };
    });
  }

  #prefix(): string {
    const request = this.#request;
    if (request === null) return '';
    if (!this.#isByFallback(request)) return (this.#prefixes.first ??= sentPrefix(request));
    // A fallback does not get the provider data of other models' answers.
    return (this.#prefixes.fallback ??= sentPrefix({
      ...request,
      messages: withoutReplay(request.messages),
    }));
  }

  #isByFallback({ model }: ModelRequest): boolean {
    const { answerer } = this.#collector;
    const { name } = this.#options.provider;
    return (answerer?.provider ?? name) !== name || (answerer?.askedModel ?? model) !== model;
  }

  #snapshot(): NewMessage {
    const endedMs = this.#endedMs ?? this.#options.clock.monotonicMs();
    const { name: provider } = this.#options.provider;
    const { model } = this.#options;
    return newMessage({
      id: this.#id,
      role: 'assistant',
      parts: this.#boundParts(),
      ...{ provider, model, askedProvider: provider, askedModel: model },
      latencyMs: Math.round(endedMs - this.#startedMs),
      timeToFirstTokenMs: this.#firstTokenMs === null ? null : Math.round(this.#firstTokenMs),
      createdAt: this.#createdAt,
    });
  }

  #append(messages: readonly NewMessage[]): Promise<SynapseError | null> {
    return this.#attempt(this.#store.add(messages));
  }

  async #attempt(storing: Promise<void>): Promise<SynapseError | null> {
    const { sessionId, logger } = this.#options;
    try {
      await storing;
      return null;
    } catch (error) {
      logger.error({ error, sessionId, messageId: this.#id }, 'an answer could not be stored');
      if (error instanceof SynapseError) return error;
      throw error;
    }
  }
}
