import type { RelayedRequest } from '@synapse/app/relay/relayed-request';

/** A request of a client, with what only its dialect knows. */
export interface DialectRequest extends RelayedRequest {
  isStreaming: boolean;
  /** Chat Completions report the usage only if asked. */
  includesUsage: boolean;
  /** Tools of the provider's own server, which Synapse does not run. */
  ignoredTools: string[];
  /** Responses: the answer to continue after. */
  previousResponse: string | null;
  /** Responses: the conversation to continue. */
  conversation: string | null;
  /** False if the client asks not to store the conversation. */
  isStored: boolean;
  /** The key that the client gives its conversation, for caches. */
  cacheKey: string | null;
  metadata: Readonly<Record<string, string>>;
}
