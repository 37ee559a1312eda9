import { isOnline } from '../state/is-online.ts';
import { send } from './client.ts';
import { Problem } from './problem.ts';
import { readEvents, type ServerEvent } from './read-events.ts';

/** The server pings every 15 s: a stream that is silent for longer than this is dead. */
const SILENCE_MS = 40_000;
const LONGEST_PAUSE_MS = 15_000;

export interface Followed {
  /** The address for the events after a position. */
  path: (position: number | null) => string;
  /** False ends the stream. */
  onEvent: (event: ServerEvent) => boolean;
  signal: AbortSignal;
}

/**
 * Follows a stream of events for as long as it goes on, across lost networks and sleep: it connects
 * again for ever, at once when the page is shown or the network is back. Ends with the stream, with
 * the signal, and where another attempt can't help.
 */
export async function follow({ path, onEvent, signal }: Followed): Promise<void> {
  let position: number | null = null;
  for (let failures = 0; ;) {
    const silence = new Silence(signal);
    try {
      const reply = await send('GET', path(position), { signal: silence.signal });
      if (reply.status === 204 || !reply.body) return;
      const text = reply.body.pipeThrough(new TextDecoderStream());
      for await (const event of readEvents(heard(text, silence))) {
        failures = 0;
        if (event.type === 'ping') continue;
        if (event.type === 'bye') break;
        position = event.id ?? position;
        if (!onEvent(event)) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Problem && !error.isTemporary) throw error;
    } finally {
      silence.end();
    }
    failures += 1;
    if (failures > 1) isOnline.value = false;
    await pause(
      Math.min(500 * 2 ** failures, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2),
      signal,
    );
  }
}

/** Aborts when the outer signal does, or when nothing was heard for too long. */
class Silence {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #abort = () => this.#controller.abort();
  #timer = setTimeout(this.#abort, SILENCE_MS);

  constructor(outer: AbortSignal) {
    this.#outer = outer;
    outer.addEventListener('abort', this.#abort);
    if (outer.aborted) this.#abort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#abort, SILENCE_MS);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#abort);
    this.#abort();
  }
}

async function* heard(stream: ReadableStream<string>, silence: Silence): AsyncGenerator<string> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    silence.heard();
    yield value;
  }
}

/** Ends early when the page is shown again, or the network is back. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      document.removeEventListener('visibilitychange', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener('online', done);
    document.addEventListener('visibilitychange', done);
    signal.addEventListener('abort', done);
  });
}
