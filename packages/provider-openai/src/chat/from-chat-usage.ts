import type { Usage } from '@synapse/core';
import { toRecord, toTokenCount } from '@synapse/provider-http';

/** Null if the two essential figures are missing. */
export function fromChatUsage(usage: Record<string, unknown>): Usage | null {
  const inputTokens = toTokenCount(usage.prompt_tokens);
  const outputTokens = toTokenCount(usage.completion_tokens);
  if (inputTokens === undefined || outputTokens === undefined) return null;
  const input = toRecord(usage.prompt_tokens_details);
  const output = toRecord(usage.completion_tokens_details);
  // Some servers count the reasoning separately from the answer, or only in the total.
  const answerTokens = (toTokenCount(usage.total_tokens) ?? 0) - inputTokens;
  const besideTokens = Math.max(0, answerTokens - outputTokens);
  return {
    inputTokens,
    outputTokens: outputTokens + besideTokens,
    cacheReadTokens:
      toTokenCount(input.cached_tokens) ?? toTokenCount(usage.prompt_cache_hit_tokens) ?? 0,
    cacheWriteTokens: toTokenCount(input.cache_write_tokens) ?? 0,
    reasoningTokens: Math.max(toTokenCount(output.reasoning_tokens) ?? 0, besideTokens),
    estimated: false,
  };
}

/** OpenRouter's own charge, plus the cost that it passes on if the user's key for another provider pays. */
export function fromChatCost(usage: Record<string, unknown>): number | undefined {
  const { cost, is_byok, cost_details } = usage;
  const passedOn = is_byok === true ? toRecord(cost_details).upstream_inference_cost : 0;
  const nanoUsd = Math.round((toAmount(cost) + (toAmount(passedOn) || 0)) * 1e9);
  return Number.isSafeInteger(nanoUsd) ? nanoUsd : undefined;
}

function toAmount(value: unknown): number {
  return typeof value === 'number' && value >= 0 ? value : NaN;
}
