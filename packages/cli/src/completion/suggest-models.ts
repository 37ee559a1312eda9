import { findPlaces, loadSettings } from '@synapse/config';
import { readModelCache } from '@synapse/app/models/model-cache';
import { pricedModels, providerStatus, type ProviderSources } from '@synapse/core/models';
import type { Suggestion } from './suggestion.ts';

export async function suggestProviders(environment: NodeJS.ProcessEnv): Promise<Suggestion[]> {
  return providerStatus(await sourcesOf(environment)).map(({ name, title }) => ({
    value: name,
    description: title,
  }));
}

/** From the cached lists, the presets and the table of models; bare names for one provider. */
export async function suggestModels(
  environment: NodeJS.ProcessEnv,
  provider: string | undefined,
): Promise<Suggestion[]> {
  const { cacheFolder } = findPlaces(environment);
  const sources = await sourcesOf(environment);
  const all = providerStatus(sources)
    .filter(({ name }) => provider === undefined || name === provider)
    .flatMap(({ name, title, model }) => {
      const kept = readModelCache(cacheFolder, name)?.models.map(({ id }) => id) ?? [];
      const known = pricedModels()
        .filter((entry) => entry.provider === name)
        .map((entry) => entry.model);
      const models = new Set([...(model === null ? [] : [model]), ...kept, ...known]);
      return [...models].map((id) => ({
        value: provider === undefined ? `${name}/${id}` : id,
        description: title,
      }));
    });
  const aliases = ['fast', 'smart', ...Object.keys(sources.aliases)];
  return [...aliases.map((value) => ({ value, description: 'alias' })), ...all];
}

async function sourcesOf(environment: NodeJS.ProcessEnv): Promise<ProviderSources> {
  const { settings } = await loadSettings({ environment });
  return {
    providers: settings.providers,
    aliases: settings.aliases,
    environment,
    findStoredKey: async () => undefined,
    probe: async () => undefined,
  };
}
