import type { Cost, Price, Usage } from '../session/usage.ts';

// Prices are US dollars per million tokens with up to nine decimals, as whole numbers.
const PRICE_SCALE = 1e9;
const SCALED_PER_NANO_USD = 1_000_000n;

/**
 * The cost of an answer, to the nano-dollar, with half of one rounded up; null if the price is
 * unknown. Capped at nine million dollars, which a database stores exactly: only an invented count
 * costs more.
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

/** The cost that a provider itself reports for an answer; null if it reports none. */
export function reportedCost(nanoUsd: number | undefined): Cost | null {
  return nanoUsd === undefined ? null : { nanoUsd, price: 'reported' };
}

function scale(tokens: number, perMillion: number): bigint {
  return BigInt(Math.max(0, Math.round(tokens))) * BigInt(Math.round(perMillion * PRICE_SCALE));
}
