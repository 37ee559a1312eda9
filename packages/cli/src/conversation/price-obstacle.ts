import type { Settings } from '@synapse/config';
import { findPrice, type ProviderSetup } from '@synapse/core';
import { ownModels } from '../settings/own-models.ts';

/** Why a model is not asked beside another: no limit can be kept where nobody knows what it costs. */
export function priceObstacle(
  { name, model }: Pick<ProviderSetup, 'name' | 'model'>,
  { limits, ...settings }: Pick<Settings, 'limits' | 'prices' | 'models'>,
): string | undefined {
  const { max_cost_run, max_cost_session, max_cost_day } = limits;
  const isLimited = Math.max(max_cost_run, max_cost_session, max_cost_day) > 0;
  if (!isLimited || findPrice(name, model, 0, ownModels(settings)) !== null) return undefined;
  return `its price is unknown, so no cost limit can be kept; [models."${name}/${model}"] sets it`;
}
