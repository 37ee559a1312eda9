import { InterruptedError } from '@synapse/core';
import type { Relayed } from '@synapse/app/relay/relay';
import type { TurnEvent } from '@synapse/core/conversation';

const REASONS = {
  cancelled: 'The client ended the answer.',
  interrupted: 'The server was stopped meanwhile.',
  failed: 'The answer could not be made in the background.',
};

/**
 * An answer that several connections may read, each from its beginning: the SDKs of the providers
 * repeat a request whose answer they lost. It is interrupted when its last reader leaves.
 */
export class SharedAnswer {
  readonly relayed: Relayed;
  readonly #controller: AbortController;
  readonly #events: TurnEvent[] = [];
  #outcome: 'running' | 'complete' | 'failed' = 'running';
  #error: unknown;
  #readers = 0;
  #stoppedAs: keyof typeof REASONS | null = null;
  readonly #waiting = new Set<() => void>();

  /** `controller` aborts the answer. */
  constructor(relayed: Relayed, controller: AbortController) {
    this.relayed = relayed;
    this.#controller = controller;
    void this.#pump();
  }

  /** A repeated request would not begin the work again. */
  get isUsable(): boolean {
    return this.#outcome !== 'failed' && !this.#controller.signal.aborted;
  }

  /** Why the answer was ended early; null if it was not. */
  get stoppedAs(): keyof typeof REASONS | null {
    return this.#stoppedAs;
  }

  /** Ends the answer with what it has so far. */
  stop(outcome: keyof typeof REASONS): void {
    if (this.#outcome !== 'running' || this.#controller.signal.aborted) return;
    this.#stoppedAs = outcome;
    this.#controller.abort(new InterruptedError(REASONS[outcome]));
  }

  /** All events from the first one; throws the error of an answer that failed. */
  async *read(signal: AbortSignal): AsyncGenerator<TurnEvent> {
    const wake = () => this.#wake();
    signal.addEventListener('abort', wake);
    this.#readers += 1;
    try {
      for (let next = 0; !signal.aborted;) {
        const event = this.#events[next];
        if (event) {
          next += 1;
          yield event;
        } else if (this.#outcome === 'complete') return;
        else if (this.#outcome === 'failed') throw this.#error;
        else await new Promise<void>((resolve) => this.#waiting.add(resolve));
      }
    } finally {
      signal.removeEventListener('abort', wake);
      this.#readers -= 1;
      if (this.#readers === 0 && this.#outcome === 'running') {
        this.stop('cancelled');
      }
    }
  }

  async #pump(): Promise<void> {
    try {
      for await (const event of this.relayed.events) {
        this.#events.push(event);
        this.#wake();
      }
      this.#outcome = 'complete';
    } catch (error) {
      this.#error = error;
      this.#outcome = 'failed';
    }
    this.#wake();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
