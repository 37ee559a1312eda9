import { findPrice } from '../models/find-price.ts';
import type { ModelOverrides } from '../models/own-models.ts';
import type { Cost, Usage } from '../session/usage.ts';
import { costOf } from './cost.ts';

export interface Prices {
  /** Null where the price of the model is unknown. */
  costOf(usage: Usage, provider: string, model: string): Cost | null;
}

/** The prices of the table of models, and those of the person. */
export function pricesOf(models: ModelOverrides = {}): Prices {
  return {
    costOf: (usage, provider, model) =>
      costOf(usage, findPrice(provider, model, usage.inputTokens, models)),
  };
}
