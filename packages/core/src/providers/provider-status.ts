import { findKey } from './find-key.ts';
import { knownProvider, providerNames } from './known-providers.ts';
import type { Dialect } from './preset.ts';
import type { KeySource, ProviderSources } from './provider-setup.ts';

/** The facts about a provider that are known without contacting it or a key store. */
export interface ProviderStatus {
  name: string;
  title: string;
  dialect: Dialect;
  baseUrl: string | null;
  model: string | null;
  isLocal: boolean;
  keySource: KeySource | null;
  /** Where Synapse looks for a key. */
  keyVariables: readonly string[];
}

export function providerStatus(sources: ProviderSources): ProviderStatus[] {
  return providerNames(sources).map((name) => {
    const provider = knownProvider(name, sources);
    return {
      name,
      title: provider.title,
      dialect: provider.dialect,
      baseUrl: provider.baseUrl,
      model: provider.models.default,
      isLocal: provider.isLocal,
      keySource: findKey(provider, sources)?.keySource ?? null,
      keyVariables: provider.keyVariables,
    };
  });
}
