import type { Usage } from '@synapse/core';
import { toRecord, toTokenCount } from '@synapse/provider-http';

/** Null where the two figures that matter are not there. */
export function fromChatUsage(usage: Record<string, unknown>): Usage | null {
  const inputTokens = toTokenCount(usage.prompt_tokens);
  const outputTokens = toTokenCount(usage.completion_tokens);
  if (inputTokens === undefined || outputTokens === undefined) return null;
  const input = toRecord(usage.prompt_tokens_details);
  const output = toRecord(usage.completion_tokens_details);
  const reasoningTokens = toTokenCount(output.reasoning_tokens) ?? 0;
  // Some servers count the reasoning beside the answer; their total tells.
  const isBeside = usage.total_tokens === inputTokens + outputTokens + reasoningTokens;
  return {
    inputTokens,
    outputTokens: isBeside ? outputTokens + reasoningTokens : outputTokens,
    cacheReadTokens:
      toTokenCount(input.cached_tokens) ?? toTokenCount(usage.prompt_cache_hit_tokens) ?? 0,
    cacheWriteTokens: toTokenCount(input.cache_write_tokens) ?? 0,
    reasoningTokens,
    estimated: false,
  };
}
