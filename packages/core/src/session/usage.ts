/**
 * Tokens of one answer. `inputTokens` is the whole request, of which the cache counts are parts;
 * `outputTokens` is the whole answer, of which `reasoningTokens` is a part.
 */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  reasoningTokens: number;
  /** True if the provider gave no figures and Synapse estimated them from the text. */
  estimated: boolean;
}

/** US dollars per million tokens. */
export interface Price {
  inputPerMillion: number;
  outputPerMillion: number;
  cacheReadPerMillion: number;
  cacheWritePerMillion: number;
}

/** Money in whole nano-dollars, so that sums are exact. */
export interface Cost {
  nanoUsd: number;
  /** The price that was applied; `reported` if the provider reported the cost. */
  price: Price | 'reported';
}

export function toUsd(nanoUsd: number): number {
  return nanoUsd / 1e9;
}

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    estimated: a.estimated || b.estimated,
  };
}
