import type { Usage } from '@synapse/core';

/** As opencode counts: no number is a part of another. */
export interface OpencodeTokens {
  input: number;
  output: number;
  reasoning: number;
  cache: { read: number; write: number };
}

export const noTokens: OpencodeTokens = tokensOf(null);

export function tokensOf(usage: Usage | null): OpencodeTokens {
  const read = usage?.cacheReadTokens ?? 0;
  const write = usage?.cacheWriteTokens ?? 0;
  const reasoning = usage?.reasoningTokens ?? 0;
  return {
    input: Math.max(0, (usage?.inputTokens ?? 0) - read - write),
    output: Math.max(0, (usage?.outputTokens ?? 0) - reasoning),
    reasoning,
    cache: { read, write },
  };
}

export function addTokens(a: OpencodeTokens, b: OpencodeTokens): OpencodeTokens {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    reasoning: a.reasoning + b.reasoning,
    cache: { read: a.cache.read + b.cache.read, write: a.cache.write + b.cache.write },
  };
}

export function totalOf({ input, output, reasoning, cache }: OpencodeTokens): number {
  return input + output + reasoning + cache.read + cache.write;
}
