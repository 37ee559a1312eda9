import type { Cost, Usage } from '../session/usage.ts';
import { costOf } from './cost.ts';
import { findPrice } from '../models/find-price.ts';
import type { ModelOverrides } from '../models/own-models.ts';

/** What an answer costs by the prices that are known, and those that the person gives. */
export function pricedBy(
  models: ModelOverrides = {},
): (usage: Usage, provider: string, model: string) => Cost | null {
  return (usage, provider, model) =>
    costOf(usage, findPrice(provider, model, usage.inputTokens, models));
}
