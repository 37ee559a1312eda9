import { limitsOf, type ModelLimits } from '@synapse/core/conversation';
import type { ProviderSetup } from '@synapse/core/models';
import { ownModels } from '../settings/own-models.ts';
import type { App } from '../wiring.ts';
import { readModelCache } from './model-cache.ts';

/** The limits of the model, from the table, the settings, or the latest list of its provider. */
export function limitsFor(
  { settings, places }: Pick<App, 'settings' | 'places'>,
  setup: Pick<ProviderSetup, 'name' | 'model' | 'baseUrl' | 'maxOutputTokens' | 'contextTokens'>,
): ModelLimits {
  const { name: provider, model, baseUrl } = setup;
  const limits = limitsOf({ provider, model }, ownModels(settings), setup.maxOutputTokens);
  const contextTokens = limits.contextTokens ?? setup.contextTokens ?? null;
  if (contextTokens !== null && limits.maxOutputTokens !== null)
    return { ...limits, contextTokens };
  const cached = readModelCache(places.cacheFolder, provider);
  const listed = cached?.models.find(({ id }) => cached.baseUrl === baseUrl && id === model);
  return {
    ...limits,
    contextTokens: contextTokens ?? listed?.contextTokens ?? null,
    maxOutputTokens: limits.maxOutputTokens ?? listed?.maxOutputTokens ?? null,
  };
}
