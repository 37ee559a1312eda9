import { withoutDate } from '../providers/is-same-model.ts';
import { PRESETS } from '../providers/presets.ts';
import type { Price } from '../session/usage.ts';
import type { KnownModel } from './known-model.ts';
import { KNOWN_MODELS } from './price-table.ts';

/** One `[prices."<model>"]` table, in the words of the configuration file. */
export interface PriceSettings {
  input?: number | null | undefined;
  output?: number | null | undefined;
  cache_read?: number | null | undefined;
  cache_write?: number | null | undefined;
  /** The context window, in tokens. */
  context?: number | null | undefined;
}

/** By model or `provider/model`. */
export type PriceOverrides = Readonly<Record<string, PriceSettings>>;

const FREE: Price = {
  inputPerMillion: 0,
  outputPerMillion: 0,
  cacheReadPerMillion: 0,
  cacheWritePerMillion: 0,
};

/**
 * Exactly this model or a dated variant of it: a name that only begins alike may be a dearer model,
 * and a price that is not known must not look as if it were.
 */
export function findModel(provider: string, model: string): KnownModel | null {
  const name = withoutDate(model);
  const isIt = (known: KnownModel) => known.provider === provider && known.model === name;
  return KNOWN_MODELS.find(isIt) ?? null;
}

/** The price of a request with so many tokens; null where it is unknown. */
export function findPrice(
  provider: string,
  model: string,
  inputTokens: number,
  overrides: PriceOverrides = {},
): Price | null {
  const own = findOverride(provider, model, overrides);
  const known = listPrice(provider, model, inputTokens);
  if (own === null) return known;
  const inputPerMillion = own.input ?? known?.inputPerMillion;
  const outputPerMillion = own.output ?? known?.outputPerMillion;
  if (inputPerMillion === undefined || outputPerMillion === undefined) return null;
  // The discount of the list does not apply to an input price that is not the list's.
  const listed = own.input == null ? known : null;
  return {
    inputPerMillion,
    outputPerMillion,
    cacheReadPerMillion: own.cache_read ?? listed?.cacheReadPerMillion ?? inputPerMillion,
    cacheWritePerMillion: own.cache_write ?? listed?.cacheWritePerMillion ?? inputPerMillion,
  };
}

/** The context window; null where it is unknown. */
export function findContextTokens(
  provider: string,
  model: string,
  overrides: PriceOverrides = {},
): number | null {
  const own = findOverride(provider, model, overrides)?.context;
  return own ?? findModel(provider, model)?.contextTokens ?? null;
}

function listPrice(provider: string, model: string, inputTokens: number): Price | null {
  const known = findModel(provider, model);
  if (known === null) return isFree(provider) ? FREE : null;
  const { price, longRequest } = known;
  return longRequest && inputTokens > longRequest.aboveInputTokens ? longRequest.price : price;
}

function isFree(provider: string): boolean {
  return PRESETS.some(({ name, isLocal }) => isLocal && name === provider);
}

function findOverride(
  provider: string,
  model: string,
  overrides: PriceOverrides,
): PriceSettings | null {
  for (const name of [model, withoutDate(model)]) {
    for (const key of [`${provider}/${name}`, name]) {
      if (Object.hasOwn(overrides, key)) return overrides[key] ?? null;
    }
  }
  return null;
}
