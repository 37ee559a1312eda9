import type { Cost, Price, Usage } from '../session/usage.ts';

// Prices are US dollars per million tokens with up to nine decimals, as whole numbers.
const PRICE_SCALE = 1e9;
const SCALED_PER_NANO_USD = 1_000_000n;

/**
 * What an answer cost, to the nano-dollar, half of one rounded up; null where no price is known. At
 * most what a database holds exactly, nine million dollars: only a count that a provider made up costs more.
 */
export function costOf(usage: Usage, price: Price | null): Cost | null {
  if (price === null) return null;
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  const plainTokens = Math.max(0, inputTokens - cacheReadTokens - cacheWriteTokens);
  const scaled =
    scale(plainTokens, price.inputPerMillion) +
    scale(cacheReadTokens, price.cacheReadPerMillion) +
    scale(cacheWriteTokens, price.cacheWritePerMillion) +
    scale(outputTokens, price.outputPerMillion);
  const nanoUsd = (scaled + SCALED_PER_NANO_USD / 2n) / SCALED_PER_NANO_USD;
  return { nanoUsd: Math.min(Number(nanoUsd), Number.MAX_SAFE_INTEGER), price };
}

/** What a provider itself says that an answer cost; null where it doesn't say. */
export function reportedCost(nanoUsd: number | undefined): Cost | null {
  return nanoUsd === undefined ? null : { nanoUsd, price: 'reported' };
}

function scale(tokens: number, perMillion: number): bigint {
  return BigInt(Math.max(0, Math.round(tokens))) * BigInt(Math.round(perMillion * PRICE_SCALE));
}
