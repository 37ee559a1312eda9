import type { Settings } from '@synapse/config';
import {
  findPrice,
  type ModelOverrides,
  type ModelSettings,
  type ProviderSetup,
} from '@synapse/core/models';

/** The settings of models, in [models] or, for prices, in [prices]. */
export function ownModels({ prices, models }: Pick<Settings, 'prices' | 'models'>): ModelOverrides {
  const own: Record<string, ModelSettings> = { ...prices };
  for (const [name, model] of Object.entries(models)) own[name] = { ...own[name], ...model };
  return own;
}

/** Why a model must not be asked: a cost limit applies, and its price is unknown. */
export function priceObstacle(
  { name, model }: Pick<ProviderSetup, 'name' | 'model'>,
  { limits, ...settings }: Pick<Settings, 'limits' | 'prices' | 'models'>,
): string | undefined {
  const { max_cost_run, max_cost_session, max_cost_day } = limits;
  const isLimited = Math.max(max_cost_run, max_cost_session, max_cost_day) > 0;
  if (!isLimited || findPrice(name, model, 0, ownModels(settings)) !== null) return undefined;
  return `its price is unknown, so Synapse can't enforce a cost limit; set the price in [models."${name}/${model}"]`;
}
