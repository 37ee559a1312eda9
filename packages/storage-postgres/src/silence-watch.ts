import type { Socket } from 'node:net';
import { cancelStatement, isAnswering, type Backend } from './probe-server.ts';

/** What pg's client has besides what its types say. */
type Client = Backend & { readyForQuery: boolean; connection: { stream: Socket } };

const PROBE_MS = 5000;

/**
 * Ends the connections of a pool on which nothing has come or gone for so long: the other side may be gone
 * without a word, and the system would wait for a quarter of an hour. Where the server still answers,
 * the statement itself waits, for a lock most likely; it is cancelled there, and the error says so.
 */
export class SilenceWatch {
  readonly #limitMs: number;
  readonly #clients = new Set<Client>();
  #isPatient = false;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  watch(given: unknown): void {
    const client = given as Client;
    const { stream } = client.connection;
    this.#clients.add(client);
    stream.once('close', () => this.#clients.delete(client));
    stream.on('timeout', () => void this.#giveUp(client));
    this.#setTimeout(client);
  }

  /** For work that may take hours without a word from the server. */
  async patiently(work: () => Promise<void>): Promise<void> {
    this.#isPatient = true;
    this.#clients.forEach((client) => this.#setTimeout(client));
    try {
      await work();
    } finally {
      this.#isPatient = false;
      this.#clients.forEach((client) => this.#setTimeout(client));
    }
  }

  #setTimeout({ connection: { stream } }: Client): void {
    stream.setTimeout(this.#isPatient ? 0 : this.#limitMs);
  }

  async #giveUp(client: Client): Promise<void> {
    const { stream } = client.connection;
    const { bytesRead } = stream;
    const withinMs = Math.min(PROBE_MS, this.#limitMs);
    const isWaiting = !client.readyForQuery && (await isAnswering(client, withinMs));
    // What comes at last is no silence.
    if (stream.bytesRead > bytesRead) return;
    const error = new Error(`no data arrived for ${this.#limitMs} ms`);
    // That of the server for a statement that was cancelled.
    stream.destroy(Object.assign(error, { code: isWaiting ? '57014' : 'ETIMEDOUT' }));
    // Only behind it: a commit that waits for a standby would succeed by being cancelled.
    if (isWaiting) await cancelStatement(client, withinMs);
  }
}
