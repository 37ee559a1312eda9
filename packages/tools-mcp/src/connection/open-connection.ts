import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JsonObject } from '@synapse/core';
import { cleanText } from './clean-text.ts';
import { createClient } from './create-client.ts';
import { describeFailure } from './describe-failure.ts';
import { MAX_TOOL_PAGES, MAX_TOOLS } from './limits.ts';
import { McpFailure } from './mcp-failure.ts';
import { transportsFor, type TransportOptions } from './open-transport.ts';
import { withSignal } from './with-signal.ts';

const LEAVE_MS = 300;

export interface ConnectionOptions extends Omit<TransportOptions, 'onFatal'> {
  clientVersion: string;
  startTimeoutMs: number;
  /** The server says that its list of tools is no longer what it was. */
  onToolsChanged: () => void;
  /** Called once, when the connection ends without having been closed from here. */
  onLost: (reason: string) => void;
}

/** One live, initialised server. Everything it rejects with is an McpFailure or the signal's reason. */
export interface Connection {
  /** What the server calls itself, for showing. */
  readonly serverName: string;
  /** The raw entries, unchecked. */
  listTools(signal: AbortSignal, timeoutMs: number): Promise<unknown[]>;
  /** The raw result, unchecked. */
  callTool(
    name: string,
    input: JsonObject,
    signal: AbortSignal,
    timeoutMs: number,
  ): Promise<JsonObject>;
  close(): Promise<void>;
}

export async function openConnection(
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<Connection> {
  let lostBecause: string | undefined;
  let isClosing = false;
  let isOpen = false;
  let isRetrying = false;
  let client: Client | undefined;
  const lose = (reason: string) => {
    if (isClosing || lostBecause !== undefined) return;
    lostBecause = reason;
    if (isOpen) options.onLost(reason);
    void client?.close();
  };
  const failure = (error: unknown): McpFailure => {
    const reason = lostBecause ?? describeFailure(error);
    return new McpFailure(reason, { cause: error, isConnectionLost: lostBecause !== undefined });
  };

  const transports = await transportsFor({ ...options, onFatal: lose });
  for (const [index, open] of transports.entries()) {
    try {
      client = await createClient({ ...options, server: options.settings.name });
      client.onclose = () => {
        if (!isRetrying) lose('closed the connection');
      };
      await connect(client, await open(), options, signal);
      break;
    } catch (error) {
      const isLast = index === transports.length - 1;
      isRetrying = true;
      await client?.close();
      isRetrying = false;
      if (signal.aborted) throw signal.reason;
      if (isLast || !isUnknownEndpoint(error)) {
        isClosing = true;
        throw failure(error);
      }
      lostBecause = undefined;
    }
  }
  const live = client;
  isOpen = true;
  if (!live) throw new McpFailure('has no transport', { isConnectionLost: true });

  const request = async (
    method: string,
    params: JsonObject,
    { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
  ): Promise<JsonObject> => {
    const { ResultSchema } = await import('@modelcontextprotocol/sdk/types.js');
    if (lostBecause !== undefined) throw failure(undefined);
    try {
      return await withSignal(signal, async (own) => {
        const result = await live.request({ method, params }, ResultSchema, {
          signal: own,
          timeout: timeoutMs,
        });
        return result as JsonObject;
      });
    } catch (error) {
      signal.throwIfAborted();
      if (isGone(error)) lose(describeFailure(error));
      throw failure(error);
    }
  };

  return {
    serverName: cleanText(live.getServerVersion()?.name ?? options.settings.name),

    async listTools(signal, timeoutMs) {
      const tools: unknown[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MAX_TOOL_PAGES && tools.length < MAX_TOOLS; page++) {
        const params = cursor === undefined ? {} : { cursor };
        const result = await request('tools/list', params, { signal, timeoutMs });
        if (!Array.isArray(result.tools)) throw new McpFailure('listed no tools');
        for (const tool of result.tools) tools.push(tool);
        if (typeof result.nextCursor !== 'string') break;
        cursor = result.nextCursor;
      }
      return tools.slice(0, MAX_TOOLS);
    },

    callTool: (name, input, signal, timeoutMs) =>
      request('tools/call', { name, arguments: input }, { signal, timeoutMs }),

    async close() {
      isClosing = true;
      await leave(live.transport);
      await live.close();
    },
  };
}

async function connect(
  client: Client,
  transport: Transport,
  { startTimeoutMs }: ConnectionOptions,
  signal: AbortSignal,
): Promise<void> {
  // A transport may hang before it has sent anything, where the client's own limit does not reach.
  const limit = AbortSignal.timeout(startTimeoutMs);
  await withSignal(AbortSignal.any([signal, limit]), (own) =>
    Promise.race([
      client.connect(transport, { signal: own, timeout: startTimeoutMs }),
      new Promise<never>((_, reject) => {
        own.addEventListener('abort', () => reject(own.reason as Error), { once: true });
      }),
    ]),
  );
}

/** What a server that only knows the older SSE answers to a request of the newer kind. */
function isUnknownEndpoint(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'number' && [400, 404, 405].includes(code);
}

/** A session that a server over HTTP has forgotten, or a server that is no longer there. */
function isGone(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === 404 || message === 'fetch failed';
}

/** Lets a server over HTTP forget the session; one that hangs is not waited for. */
async function leave(transport: Transport | undefined): Promise<void> {
  if (!transport || !('terminateSession' in transport)) return;
  const { terminateSession } = transport as { terminateSession: () => Promise<void> };
  await Promise.race([
    terminateSession.call(transport).catch(() => undefined),
    sleep(LEAVE_MS, undefined, { ref: false }),
  ]);
}
