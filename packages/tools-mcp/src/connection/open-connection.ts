import type { Connection } from './connection.ts';
import { McpConnection, type McpConnectionOptions } from './mcp-connection.ts';
import { McpFailure } from './mcp-failure.ts';
import { transportsFor, type TransportOptions } from './open-transport.ts';

export type ConnectionOptions = McpConnectionOptions & TransportOptions;

/** Starts or contacts a server, and initializes the connection. */
export async function openConnection(
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<Connection> {
  const openers = await transportsFor(options);
  for (const [index, open] of openers.entries()) {
    const connection = new McpConnection(options);
    try {
      await connection.open(open, signal);
      return connection;
    } catch (error) {
      const isLast = index === openers.length - 1;
      if (isLast || !isUnknownEndpoint(error)) throw error;
    }
  }
  throw new McpFailure('has no transport');
}

/** The response to a newer request from a server that only knows the older SSE. */
function isUnknownEndpoint(error: unknown): boolean {
  const { code } = ((error as Error).cause ?? {}) as { code?: unknown };
  return typeof code === 'number' && [400, 404, 405].includes(code);
}
