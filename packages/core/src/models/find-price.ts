import type { Price } from '../session/usage.ts';
import { findModel, isLocal } from './find-model.ts';
import { findOwn, type ModelOverrides } from './own-models.ts';

const FREE: Price = {
  inputPerMillion: 0,
  outputPerMillion: 0,
  cacheReadPerMillion: 0,
  cacheWritePerMillion: 0,
};

/** The price of a request with this many tokens; null if unknown. */
export function findPrice(
  provider: string,
  model: string,
  inputTokens: number,
  overrides: ModelOverrides = {},
): Price | null {
  const own = findOwn(provider, model, overrides);
  const known = listPrice(provider, model, inputTokens);
  if (own === null) return known;
  const inputPerMillion = own.input ?? known?.inputPerMillion;
  const outputPerMillion = own.output ?? known?.outputPerMillion;
  if (inputPerMillion === undefined || outputPerMillion === undefined) return null;
  // The list's discount does not apply if the input price differs from the list's.
  const listed = own.input == null ? known : null;
  return {
    inputPerMillion,
    outputPerMillion,
    cacheReadPerMillion: own.cache_read ?? listed?.cacheReadPerMillion ?? inputPerMillion,
    cacheWritePerMillion: own.cache_write ?? listed?.cacheWritePerMillion ?? inputPerMillion,
  };
}

function listPrice(provider: string, model: string, inputTokens: number): Price | null {
  const known = findModel(provider, model);
  if (known === null) return isLocal(provider) ? FREE : null;
  const { price, longRequest } = known;
  return longRequest && inputTokens > longRequest.aboveInputTokens ? longRequest.price : price;
}
