import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { joinSignals, type JsonObject, type Logger } from '@synapse/core';
import { cleanText } from './clean-text.ts';
import type { Connection } from './connection.ts';
import { createClient } from './create-client.ts';
import { describeFailure } from './describe-failure.ts';
import { MAX_TOOL_PAGES, MAX_TOOLS } from './limits.ts';
import { McpFailure } from './mcp-failure.ts';
import { raceSignal, withSignal } from './with-signal.ts';

const LEAVE_MS = 300;
const METHOD_NOT_FOUND = -32_601;

export interface McpConnectionOptions {
  settings: { name: string };
  logger: Logger;
  clientVersion: string;
  startTimeoutMs: number;
  /** The server reports that its list of tools has changed. */
  onToolsChanged: () => void;
  /** Called once, if an open connection ends without being closed from here. */
  onLost: (reason: string) => void;
}

export class McpConnection implements Connection {
  serverName = '';
  readonly #options: McpConnectionOptions;
  #client: Client | undefined;
  #state: 'opening' | 'open' | 'closed' = 'opening';
  #lostBecause: string | undefined;

  constructor(options: McpConnectionOptions) {
    this.#options = options;
  }

  /** Cleans up when it rejects. */
  async open(
    openTransport: (onFatal: (reason: string) => void) => Promise<Transport>,
    signal: AbortSignal,
  ): Promise<void> {
    const { settings, startTimeoutMs } = this.#options;
    const client = await createClient({ ...this.#options, server: settings.name });
    this.#client = client;
    client.onclose = () => {
      if (this.#state === 'open') this.#lose('closed the connection');
    };
    // A transport may hang before anything is sent, where the client's own time limit does not
    // apply.
    const limit = joinSignals([signal], startTimeoutMs);
    try {
      const transport = await openTransport((reason) => this.#lose(reason));
      limit.signal.throwIfAborted();
      await raceSignal(
        client.connect(transport, { signal: limit.signal, timeout: startTimeoutMs }),
        limit.signal,
      );
      if (this.#lostBecause !== undefined) throw this.#failure(undefined);
    } catch (error) {
      await client.close();
      signal.throwIfAborted();
      throw this.#failure(error);
    } finally {
      limit.release();
    }
    this.#state = 'open';
    this.serverName = cleanText(client.getServerVersion()?.name ?? settings.name);
  }

  async listTools(signal: AbortSignal, timeoutMs: number): Promise<unknown[]> {
    const tools: unknown[] = [];
    const endsAtMs = performance.now() + timeoutMs;
    let cursor: string | undefined;
    for (let page = 0; page < MAX_TOOL_PAGES && tools.length < MAX_TOOLS; page++) {
      const params = cursor === undefined ? {} : { cursor };
      const leftMs = Math.max(1, endsAtMs - performance.now());
      const result = await this.#request('tools/list', params, signal, leftMs).catch(orNoTools);
      if (!Array.isArray(result.tools)) throw new McpFailure('listed no tools');
      for (const tool of result.tools) tools.push(tool);
      if (typeof result.nextCursor !== 'string') break;
      cursor = result.nextCursor;
    }
    return tools.slice(0, MAX_TOOLS);
  }

  callTool(
    name: string,
    input: JsonObject,
    signal: AbortSignal,
    timeoutMs: number,
  ): Promise<JsonObject> {
    return this.#request('tools/call', { name, arguments: input }, signal, timeoutMs);
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    await leave(this.#client?.transport);
    await this.#client?.close();
  }

  async #request(
    method: string,
    params: JsonObject,
    signal: AbortSignal,
    timeout: number,
  ): Promise<JsonObject> {
    const { ResultSchema } = await import('@modelcontextprotocol/sdk/types.js');
    if (!this.#client || this.#lostBecause !== undefined) throw this.#failure(undefined);
    const client = this.#client;
    try {
      return await withSignal(signal, async (own) => {
        const request = { method, params };
        return (await client.request(request, ResultSchema, {
          signal: own,
          timeout,
        })) as JsonObject;
      });
    } catch (error) {
      signal.throwIfAborted();
      if (isGone(error)) this.#lose(describeFailure(error));
      throw this.#failure(error);
    }
  }

  #lose(reason: string): void {
    if (this.#state === 'closed' || this.#lostBecause !== undefined) return;
    this.#lostBecause = reason;
    if (this.#state === 'open') this.#options.onLost(reason);
    void this.#client?.close();
  }

  #failure(cause: unknown): McpFailure {
    const isConnectionLost = this.#lostBecause !== undefined;
    return new McpFailure(this.#lostBecause ?? describeFailure(cause), { cause, isConnectionLost });
  }
}

/** Some servers have only prompts or resources, and know no such request. */
function orNoTools(error: unknown): JsonObject {
  const { code } = ((error as Error).cause ?? {}) as { code?: unknown };
  if (code === METHOD_NOT_FOUND) return { tools: [] };
  throw error;
}

/** A session that a server over HTTP has forgotten, or a server that is no longer there. */
function isGone(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === 404 || message === 'fetch failed';
}

/** Asks a server over HTTP to drop the session; does not wait for one that hangs. */
async function leave(transport: Transport | undefined): Promise<void> {
  if (!transport || !('terminateSession' in transport)) return;
  const { terminateSession } = transport as { terminateSession: () => Promise<void> };
  await Promise.race([
    terminateSession.call(transport).catch(() => undefined),
    sleep(LEAVE_MS, undefined, { ref: false }),
  ]);
}
