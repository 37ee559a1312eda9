import { findPrice } from '../models/find-price.ts';
import type { ModelOverrides } from '../models/own-models.ts';
import type { Cost, Usage } from '../session/usage.ts';
import { costOf } from './cost.ts';

export interface Prices {
  /** Null if the price of the model is unknown. */
  costOf(usage: Usage, provider: string, model: string): Cost | null;
}

/** The prices in the table of models, and those in the settings. */
export function pricesOf(models: ModelOverrides = {}): Prices {
  return {
    costOf: (usage, provider, model) =>
      costOf(usage, findPrice(provider, model, usage.inputTokens, models)),
  };
}
