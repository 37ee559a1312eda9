import type { Usage } from '@synapse/core';
import { toRecord, toTokenCount } from '@synapse/provider-http';

/** Null if the two essential figures are missing. */
export function fromResponsesUsage(usage: Record<string, unknown>): Usage | null {
  const inputTokens = toTokenCount(usage.input_tokens);
  const outputTokens = toTokenCount(usage.output_tokens);
  if (inputTokens === undefined || outputTokens === undefined) return null;
  const input = toRecord(usage.input_tokens_details);
  const output = toRecord(usage.output_tokens_details);
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens: toTokenCount(input.cached_tokens) ?? 0,
    cacheWriteTokens: toTokenCount(input.cache_write_tokens) ?? 0,
    reasoningTokens: toTokenCount(output.reasoning_tokens) ?? 0,
    estimated: false,
  };
}
