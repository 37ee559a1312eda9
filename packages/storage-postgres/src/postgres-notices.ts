import { randomBytes } from 'node:crypto';
import type { Logger } from '@synapse/core';
import type { RunNotices } from '@synapse/storage-knex';
import type pg from 'pg';

const SEND_MS = 150;
const PROVE_MS = 5000;
const RECONNECT_MS = 30_000;
/** A payload has less than 8000 bytes. */
const IDS_PER_NOTICE = 150;

export interface NoticesOptions {
  /** A connection of its own, because a pooler in transaction mode drops what it listens to. */
  connect: () => Promise<pg.Client>;
  channel: string;
  /** Runs a statement on any connection. */
  run: (sql: string, values: string[]) => Promise<unknown>;
  logger?: Logger | undefined;
}

/**
 * Notices by LISTEN and NOTIFY. The listening connection proves itself: a notice that is sent on
 * another connection must arrive. Where it does not, the connection is closed, and readers look for
 * events instead. A broken connection is opened again later.
 */
export class PostgresNotices implements RunNotices {
  readonly #options: NoticesOptions;
  readonly #listeners: ((runId: string) => void)[] = [];
  readonly #pending = new Set<string>();
  #client: pg.Client | null = null;
  #isProven = false;
  #isClosed = false;
  #proof = '';
  #proved: (hasArrived: boolean) => void = () => undefined;
  #sendTimer: NodeJS.Timeout | undefined;
  #reconnectTimer: NodeJS.Timeout | undefined;
  #sending: Promise<unknown> = Promise.resolve();

  constructor(options: NoticesOptions) {
    this.#options = options;
  }

  get isProven(): boolean {
    return this.#isProven;
  }

  /** Resolves when it is known whether notices arrive; never rejects. */
  async start(): Promise<void> {
    const { connect, logger } = this.#options;
    let client: pg.Client | undefined;
    try {
      client = await connect();
      this.#client = client;
      this.#isProven = !this.#isClosed && (await this.#prove(client));
      if (this.#isProven) return;
      if (this.#client === client && !this.#isClosed) {
        logger?.warn({}, 'LISTEN does not work on this connection, so readers of runs poll');
      }
      await this.#drop(client);
    } catch (error) {
      if (client) await this.#drop(client);
      logger?.warn({ error }, 'the connection for LISTEN failed');
      this.#reconnectLater();
    }
  }

  listen(note: (runId: string) => void): void {
    this.#listeners.push(note);
  }

  send(runId: string): void {
    if (this.#isClosed) return;
    this.#pending.add(runId);
    this.#sendTimer ??= setTimeout(() => {
      this.#sendTimer = undefined;
      this.#sending = this.#sendPending();
    }, SEND_MS);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isProven = false;
    this.#proved(false);
    clearTimeout(this.#sendTimer);
    clearTimeout(this.#reconnectTimer);
    await this.#sending;
    if (this.#client) await this.#drop(this.#client);
  }

  /** Whether a notice that is sent on another connection arrives here. */
  async #prove(client: pg.Client): Promise<boolean> {
    const { channel, run } = this.#options;
    client.on('notification', ({ payload = '' }) => this.#take(payload));
    client.on('error', (error) => this.#lose(client, error));
    client.on('end', () => this.#lose(client, null));
    await client.query(`listen ${channel}`);
    this.#proof = `proof ${randomBytes(8).toString('hex')}`;
    const arrival = new Promise<boolean>((resolve) => {
      this.#proved = resolve;
    });
    const timer = setTimeout(() => this.#proved(false), PROVE_MS);
    try {
      await run('select pg_notify(?, ?)', [channel, this.#proof]);
      return await arrival;
    } finally {
      clearTimeout(timer);
    }
  }

  async #drop(client: pg.Client): Promise<void> {
    if (this.#client === client) this.#client = null;
    await client.end().catch(() => undefined);
  }

  async #sendPending(): Promise<void> {
    const { run, channel, logger } = this.#options;
    const ids = [...this.#pending].slice(0, IDS_PER_NOTICE);
    for (const id of ids) this.#pending.delete(id);
    try {
      // A statement of its own: in the transaction of the events it would make commits wait.
      await run('select pg_notify(?, ?)', [channel, ids.join(' ')]);
    } catch (error) {
      logger?.debug({ error }, 'a notice could not be sent');
    }
    const [next] = this.#pending;
    if (next !== undefined) this.send(next);
  }

  #take(payload: string): void {
    if (payload.startsWith('proof ')) {
      if (payload === this.#proof) this.#proved(true);
      return;
    }
    for (const id of payload.split(' ')) for (const note of this.#listeners) note(id);
  }

  #lose(client: pg.Client, error: Error | null): void {
    if (this.#client !== client) return;
    this.#client = null;
    this.#isProven = false;
    this.#proved(false);
    if (this.#isClosed) return;
    this.#options.logger?.warn({ error }, 'the connection for LISTEN broke');
    this.#reconnectLater();
  }

  #reconnectLater(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#reconnectTimer);
    this.#reconnectTimer = setTimeout(() => void this.start(), RECONNECT_MS);
    this.#reconnectTimer.unref();
  }
}
