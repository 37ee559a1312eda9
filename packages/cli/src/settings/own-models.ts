import type { Settings } from '@synapse/config';
import type { ModelOverrides, ModelSettings } from '@synapse/core';

/** What the settings say of models, in [models] or, as far as prices go, in [prices]. */
export function ownModels({ prices, models }: Pick<Settings, 'prices' | 'models'>): ModelOverrides {
  const own: Record<string, ModelSettings> = { ...prices };
  for (const [name, model] of Object.entries(models)) own[name] = { ...own[name], ...model };
  return own;
}
