import { InterruptedError } from '../errors/run-errors.ts';
import { SynapseError } from '../errors/synapse-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { ModelProvider, ModelRequest } from '../ports/model-provider.ts';
import type { Lease, SessionStore } from '../ports/session-store.ts';
import type { StreamEvent } from '../ports/stream-event.ts';
import { newId } from '../session/id.ts';
import { newMessage, type Message, type NewMessage } from '../session/message.ts';
import type { Part } from '../session/part.ts';
import type { Cost, Usage } from '../session/usage.ts';
import { estimateUsage } from '../usage/estimate-usage.ts';
import { MessageCollector } from './collect-message.ts';

const CHECKPOINT_MS = 1000;

export interface TurnOptions {
  sessions: SessionStore;
  sessionId: string;
  lease: Lease | null;
  provider: ModelProvider;
  model: string;
  /** What the person says. */
  parts: Part[];
  /** Builds the request from what the session holds, the new message included. */
  buildRequest: () => Promise<ModelRequest>;
  costOf: (usage: Usage, provider: string, model: string) => Cost | null;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
}

export type TurnEvent =
  | StreamEvent
  /** The question is stored; from here on it can't be lost. */
  | { type: 'message-stored'; message: Message }
  /** The answer goes on, but what came of it is not stored. */
  | { type: 'storage-failed'; error: SynapseError }
  /** The last event: the answer as it is stored, or as it would be had storage not failed. */
  | { type: 'turn-result'; message: NewMessage; isSaved: boolean };

/**
 * Asks and remembers. The question is stored before the provider is called; the answer is
 * checkpointed about once a second beside the stream, and stored when it ends, however it ends.
 *
 * Throws what the provider threw, or InterruptedError when the signal was aborted; either way what
 * was said until then is stored first, marked as `failed` or `interrupted`.
 */
export async function* runTurn(options: TurnOptions): AsyncGenerator<TurnEvent> {
  const { sessions, sessionId, lease, provider, clock, signal } = options;
  const question = newMessage({
    id: newId(clock.now().getTime()),
    role: 'user',
    parts: options.parts,
    createdAt: clock.now(),
  });
  const [stored] = await sessions.append(sessionId, [question], lease);
  if (stored) yield { type: 'message-stored', message: stored };

  const answer = new Answer(options);
  let isSettled = false;
  try {
    const request = await options.buildRequest();
    answer.start(request);
    for await (const event of provider.stream(request, signal)) {
      answer.add(event);
      yield event;
    }
    isSettled = true;
  } catch (error) {
    isSettled = true;
    const failure = signal.aborted ? asInterruption(signal.reason) : error;
    const message = answer.failed(failure);
    options.logger.warn({ sessionId, provider: provider.name, error: failure }, 'a turn failed');
    await answer.store(message);
    throw failure;
  } finally {
    // Whoever listened has left in mid-stream, without aborting.
    if (!isSettled) await answer.store(answer.failed(new InterruptedError('Nobody listened.')));
  }
  const message = answer.completed();
  const { model, usage, latencyMs } = message;
  options.logger.debug({ sessionId, provider: provider.name, model, usage, latencyMs }, 'a turn');
  const storageError = await answer.store(message);
  if (storageError) yield { type: 'storage-failed', error: storageError };
  yield { type: 'turn-result', message, isSaved: !storageError };
}

function asInterruption(reason: unknown): SynapseError {
  if (reason instanceof SynapseError) return reason;
  return new InterruptedError('The answer was interrupted.', { cause: reason });
}

/** The answer as it grows: its parts, its times, and how far it is stored. */
class Answer {
  readonly #options: TurnOptions;
  readonly #collector = new MessageCollector();
  readonly #id: string;
  readonly #createdAt: Date;
  #request: ModelRequest | null = null;
  #startedMs = 0;
  #firstTokenMs: number | null = null;
  #checkpointMs = 0;
  #checkpoint: Promise<SynapseError | null> = Promise.resolve(null);
  #isCheckpointing = false;

  constructor(options: TurnOptions) {
    this.#options = options;
    this.#createdAt = options.clock.now();
    this.#id = newId(this.#createdAt.getTime());
  }

  start(request: ModelRequest): void {
    this.#request = request;
    this.#startedMs = this.#options.clock.monotonicMs();
    this.#checkpointMs = this.#startedMs;
  }

  add(event: StreamEvent): void {
    this.#collector.add(event);
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#collector.sawVisible) this.#firstTokenMs ??= nowMs - this.#startedMs;
    if (nowMs - this.#checkpointMs < CHECKPOINT_MS || this.#isCheckpointing) return;
    this.#checkpointMs = nowMs;
    this.#isCheckpointing = true;
    // Not awaited: the stream never waits for the disk.
    this.#checkpoint = this.#append({ ...this.#snapshot(), status: 'running' }).finally(() => {
      this.#isCheckpointing = false;
    });
  }

  completed(): NewMessage {
    const snapshot = this.#snapshot();
    const { turnEnd } = this.#collector;
    const provider = turnEnd?.provider ?? this.#options.provider.name;
    const model = turnEnd?.model ?? this.#options.model;
    const usage = turnEnd?.usage ?? this.#estimate(snapshot.parts);
    return {
      ...snapshot,
      provider,
      model,
      usage,
      finishReason: turnEnd?.finishReason ?? null,
      cost: usage && this.#options.costOf(usage, provider, model),
    };
  }

  /** What was asked and said was paid for, also where nobody gives figures or the answer broke off. */
  #estimate(parts: Part[]): Usage | null {
    return this.#request && this.#collector.sawVisible ? estimateUsage(this.#request, parts) : null;
  }

  failed(error: unknown): NewMessage {
    const { code, message } =
      error instanceof SynapseError
        ? error
        : { code: 'SYNAPSE_BUG', message: 'An unexpected fault ended the answer.' };
    const status = error instanceof InterruptedError ? 'interrupted' : 'failed';
    return { ...this.completed(), status, error: { code, message } };
  }

  /** Returns what kept it from being stored, if anything did. */
  async store(message: NewMessage): Promise<SynapseError | null> {
    await this.#checkpoint;
    return this.#append(message);
  }

  #snapshot(): NewMessage {
    return newMessage({
      id: this.#id,
      role: 'assistant',
      parts: this.#collector.parts(),
      provider: this.#options.provider.name,
      model: this.#options.model,
      latencyMs: Math.round(this.#options.clock.monotonicMs() - this.#startedMs),
      timeToFirstTokenMs: this.#firstTokenMs === null ? null : Math.round(this.#firstTokenMs),
      createdAt: this.#createdAt,
    });
  }

  async #append(message: NewMessage): Promise<SynapseError | null> {
    const { sessions, sessionId, lease, logger } = this.#options;
    try {
      await sessions.append(sessionId, [message], lease);
      return null;
    } catch (error) {
      logger.error({ error, sessionId, messageId: message.id }, 'an answer could not be stored');
      if (error instanceof SynapseError) return error;
      throw error;
    }
  }
}
