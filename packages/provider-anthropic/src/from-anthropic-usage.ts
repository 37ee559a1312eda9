import type { Usage } from '@synapse/core';
import { toRecord, toTokenCount } from '@synapse/provider-http';

/** Null if the two essential figures are missing. */
export function fromAnthropicUsage(usage: Record<string, unknown>): Usage | null {
  const uncached = toTokenCount(usage.input_tokens);
  const outputTokens = toTokenCount(usage.output_tokens);
  if (uncached === undefined || outputTokens === undefined) return null;
  const cacheReadTokens = toTokenCount(usage.cache_read_input_tokens) ?? 0;
  const cacheWriteTokens = toTokenCount(usage.cache_creation_input_tokens) ?? 0;
  return {
    inputTokens: uncached + cacheReadTokens + cacheWriteTokens,
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    reasoningTokens: toTokenCount(toRecord(usage.output_tokens_details).thinking_tokens) ?? 0,
    estimated: false,
  };
}
