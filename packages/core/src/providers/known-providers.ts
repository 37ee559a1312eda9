import { ConfigError } from '../errors/config-error.ts';
import { UsageError } from '../errors/usage-error.ts';
import { nearestName } from '../nearest-name.ts';
import type { Preset } from './preset.ts';
import { compatiblePreset, PRESETS } from './presets.ts';
import type { ProviderSettings, ProviderSources } from './provider-setup.ts';
import { toBaseUrl } from './to-base-url.ts';

/** A preset with the settings and environment applied, or a provider that the user defined. */
export interface KnownProvider extends Preset {
  settings: ProviderSettings;
  /**
   * The address differs from the provider's own, so it is unknown whether the server wants a key.
   */
  isElsewhere: boolean;
}

/** The presets in their order, then the user's providers in theirs. */
export function providerNames(sources: ProviderSources): string[] {
  return [...new Set([...PRESETS.map((preset) => preset.name), ...Object.keys(sources.providers)])];
}

export function knownProvider(name: string, sources: ProviderSources): KnownProvider {
  const settings = Object.hasOwn(sources.providers, name) ? sources.providers[name] : undefined;
  const preset = PRESETS.find((candidate) => candidate.name === name);
  if (preset === undefined && settings === undefined) throw unknownProvider(name, sources);

  const { api_key_env: keyVariable, dialect = null } = settings ?? {};
  const own = preset ?? compatiblePreset(name, name, null);
  const elsewhere = findAddress(own, settings, sources);
  return {
    ...own,
    ...(dialect !== null && dialect !== 'auto' && { dialect }),
    ...(keyVariable && { keyVariables: [keyVariable] }),
    baseUrl: elsewhere ?? own.baseUrl,
    isElsewhere: elsewhere !== null && elsewhere !== own.baseUrl,
    models: { ...own.models, default: settings?.model ?? own.models.default },
    settings: settings ?? {},
  };
}

/** The address that overrides the provider's own, if any. */
function findAddress(
  preset: Preset,
  settings: ProviderSettings | undefined,
  { environment }: ProviderSources,
): string | null {
  if (settings?.base_url) {
    return toBaseUrl(settings.base_url, `providers.${preset.name}.base_url`, preset);
  }
  for (const variable of preset.baseUrlVariables) {
    const address = environment[variable]?.trim();
    if (address) return toBaseUrl(address, variable, preset);
  }
  return null;
}

export function unknownProvider(name: string, sources: ProviderSources): UsageError {
  const names = providerNames(sources);
  const nearest = nearestName(name, names);
  return new UsageError(`No provider is called "${name.slice(0, 80)}".`, {
    hint: nearest
      ? `Did you mean "${nearest}"?`
      : `Known providers: ${names.join(', ')}. A table [providers.<name>] in the settings adds one.`,
  });
}

export function noAddress({ name, baseUrlVariables }: KnownProvider): ConfigError {
  return new ConfigError(`The address of ${name} is missing.`, {
    hint: `Set base_url under [providers.${name}], or the variable ${baseUrlVariables.join(' or ')}.`,
  });
}
