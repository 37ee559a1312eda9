import { costOf, findPrice, type TurnOptions } from '@synapse/core';
import type { App } from '../wiring.ts';

/** What an answer costs, by the prices that this program knows. */
export function priceAnswer({ settings }: Pick<App, 'settings'>): TurnOptions['costOf'] {
  return (usage, provider, model) =>
    costOf(usage, findPrice(provider, model, usage.inputTokens, settings.prices));
}
