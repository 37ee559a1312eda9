import type { JsonObject } from '@synapse/core';

/**
 * One live server that was greeted. Everything it rejects with is an McpFailure or the reason of
 * the signal.
 */
export interface Connection {
  /** What the server calls itself, for showing. */
  readonly serverName: string;
  /** The raw entries, unchecked; the limit is for all pages together. */
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
