import type { JsonObject } from '@synapse/core';

/** One live, initialized server. It rejects only with an McpFailure or the reason of the signal. */
export interface Connection {
  /** The server's own name, for display. */
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
