import type { ModelAbility, ModelInfo } from '@synapse/core';
import {
  abilitiesOf,
  findFacts,
  findPrice,
  resolveProvider,
  type ModelFacts,
} from '@synapse/core/models';
import { ownModels } from '../settings/own-models.ts';
import type { App } from '../wiring.ts';
import { isFresh, readModelCache, writeModelCache } from './model-cache.ts';
import { statusOf } from './readiness.ts';

export interface ListedModel extends ModelInfo {
  provider: string;
}

export interface ListOptions {
  /** Asks the provider again and ignores the cache. */
  isRefresh: boolean;
  signal: AbortSignal;
}

/**
 * The models of the provider, from today's list or from the provider, completed from the table of
 * models.
 */
export async function listModels(
  app: App,
  provider: string,
  { isRefresh, signal }: ListOptions,
): Promise<ListedModel[]> {
  const { cacheFolder } = app.places;
  const { baseUrl } = statusOf(app, provider);
  const cached = readModelCache(cacheFolder, provider);
  const isUsable = cached?.baseUrl === baseUrl && isFresh(cached, app.clock.now());
  if (cached && isUsable && !isRefresh) return cached.models.map(complete(app, provider));

  // The model does not matter here, and a server without any may be asked, too.
  const choice = { provider, model: `${provider}/any` };
  const setup = await resolveProvider(choice, app.providerSources);
  const models = await (await app.createProvider(setup)).listModels(signal);
  const fetchedAt = app.clock.now().toISOString();
  writeModelCache(cacheFolder, provider, { baseUrl, fetchedAt, models });
  return models.map(complete(app, provider));
}

function complete({ settings }: App, provider: string): (model: ModelInfo) => ListedModel {
  const own = ownModels(settings);
  return (model) => {
    const facts = findFacts(provider, model.id, own);
    return {
      ...model,
      provider,
      contextTokens: facts.contextTokens ?? model.contextTokens,
      maxOutputTokens: facts.maxOutputTokens ?? model.maxOutputTokens,
      price: findPrice(provider, model.id, 0, own) ?? model.price,
      abilities: abilitiesWith(model, facts),
    };
  };
}

/** The abilities that the provider reports, unless the settings or the table know better. */
function abilitiesWith({ abilities }: ModelInfo, facts: ModelFacts): ModelInfo['abilities'] {
  const isDenied = (ability: ModelAbility) =>
    (ability === 'tools' && facts.takesTools === false) ||
    (ability === 'images' && facts.readsImages === false) ||
    (ability === 'files' && facts.readsPdf === false) ||
    (ability === 'reasoning' && facts.thinking === 'none');
  const all = [...abilities, ...abilitiesOf(facts)].filter((ability) => !isDenied(ability));
  return [...new Set(all)];
}
