import type { Clock, Logger } from '@synapse/core';
import type { McpServerSettings } from '../config/server-settings.ts';
import { McpFailure } from './mcp-failure.ts';
import type { Connection } from './connection.ts';
import { openConnection } from './open-connection.ts';
import { raceSignal } from './with-signal.ts';

const GIVEN_UP = 'an MCP server cannot be used';
const RESTART_DELAY_MS = 500;
/** After this long, a crash no longer counts as repeated. */
const HEALTHY_MS = 60_000;

/**
 * `crashed` is restarted once, when it is next needed; `failed` stays until `forgive`. `idle` was
 * never needed.
 */
export type LinkState = 'idle' | 'starting' | 'ready' | 'crashed' | 'failed' | 'closed';

export interface ServerLinkOptions {
  settings: McpServerSettings;
  environment: NodeJS.ProcessEnv;
  clock: Clock;
  logger: Logger;
  clientVersion: string;
  startTimeoutMs: number;
  onToolsChanged: () => void;
}

/** Keeps at most one connection to a server, opened when it is first needed. */
export class ServerLink {
  state: LinkState = 'idle';
  /** Why it crashed or failed. */
  reason: string | null = null;
  serverName: string | null = null;

  readonly #options: ServerLinkOptions;
  readonly #ending = new AbortController();
  #opening: Promise<Connection> | undefined;
  #connection: Connection | undefined;
  #leaving: Promise<void> | undefined;
  #crashCount = 0;
  #readySinceMs = 0;

  constructor(options: ServerLinkOptions) {
    this.#options = options;
  }

  /** The live connection; concurrent callers share one start. */
  async connect(signal: AbortSignal): Promise<Connection> {
    signal.throwIfAborted();
    if (this.#connection) return this.#connection;
    if (this.state === 'closed') throw new McpFailure('is closed');
    if (this.state === 'failed') {
      throw new McpFailure(this.reason ?? 'failed', { isConnectionLost: true });
    }
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return raceSignal(this.#opening, signal);
  }

  /** Stops a server that runs but is not usable. */
  giveUp(reason: string): void {
    if (this.state !== 'ready') return;
    this.#options.logger.warn({ server: this.#options.settings.name, reason }, GIVEN_UP);
    this.state = 'failed';
    this.reason = reason;
    this.#leaving = this.#connection?.close();
    this.#connection = undefined;
  }

  /** Allows another attempt after a failure. */
  forgive(): void {
    this.#crashCount = 0;
    if (this.state === 'failed') this.state = 'idle';
  }

  async close(): Promise<void> {
    this.state = 'closed';
    this.#ending.abort(new McpFailure('is closed'));
    await this.#opening?.catch(() => undefined);
    await this.#connection?.close();
    await this.#leaving;
    this.#connection = undefined;
  }

  async #open(): Promise<Connection> {
    const { clock, logger, settings } = this.#options;
    const ending = this.#ending.signal;
    try {
      if (this.state === 'crashed') await clock.sleep(RESTART_DELAY_MS, ending);
      this.state = 'starting';
      const connection = await openConnection(
        { ...this.#options, onLost: (reason) => this.#lose(reason) },
        ending,
      );
      if (ending.aborted) {
        await connection.close();
        throw ending.reason;
      }
      this.#connection = connection;
      this.#readySinceMs = clock.monotonicMs();
      this.state = 'ready';
      this.reason = null;
      this.serverName = connection.serverName;
      return connection;
    } catch (error) {
      if (!ending.aborted) {
        this.state = 'failed';
        this.reason = error instanceof McpFailure ? error.message : 'failed';
        logger.warn({ server: settings.name, error }, GIVEN_UP);
      }
      throw error;
    }
  }

  #lose(reason: string): void {
    const { clock, logger, settings } = this.#options;
    this.#connection = undefined;
    if (this.state === 'closed') return;
    const wasHealthy = clock.monotonicMs() - this.#readySinceMs >= HEALTHY_MS;
    this.#crashCount = wasHealthy ? 1 : this.#crashCount + 1;
    this.state = this.#crashCount > 1 ? 'failed' : 'crashed';
    this.reason = reason;
    logger.warn({ server: settings.name, reason, state: this.state }, 'an MCP server was lost');
  }
}
