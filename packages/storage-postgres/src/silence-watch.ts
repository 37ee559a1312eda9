import type { Socket } from 'node:net';
import { cancelStatement, isAnswering, type Backend } from './probe-server.ts';

/** Members of pg's client that its types lack. */
type Client = Backend & { readyForQuery: boolean; connection: { stream: Socket } };

const PROBE_MS = 5000;

/**
 * Ends the connections of a pool that were silent for this long: the other side may have
 * disappeared, and the system would wait for a quarter of an hour. If the server still answers, the
 * statement is waiting, most likely for a lock; it is cancelled there, and the error reports that.
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

  /** For work during which the server may send no data for hours. */
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
    // Data arrived late, so the silence is over.
    if (stream.bytesRead > bytesRead) return;
    const error = new Error(`no data arrived for ${this.#limitMs} ms`);
    // The server's error for a cancelled statement.
    stream.destroy(Object.assign(error, { code: isWaiting ? '57014' : 'ETIMEDOUT' }));
    // Cancels only after the error: cancelling a commit that waits for a standby makes it succeed.
    if (isWaiting) await cancelStatement(client, withinMs);
  }
}
