import { ConfigError } from '../errors/config-error.ts';
import type { KnownProvider } from './known-providers.ts';
import type { KeySource, ProviderSources } from './provider-setup.ts';
import { Secret } from './secret.ts';

export interface FoundKey {
  apiKey: Secret;
  keySource: KeySource;
}

/** Only looks at free sources: the environment first, then the settings. */
export function findKey(provider: KnownProvider, sources: ProviderSources): FoundKey | null {
  for (const variable of provider.keyVariables) {
    const key = sources.environment[variable]?.trim();
    if (key)
      return { apiKey: toSecret(key, variable), keySource: { source: 'environment', variable } };
  }
  const key = provider.settings.api_key?.trim();
  if (!key) return null;
  const place = `providers.${provider.name}.api_key`;
  return { apiKey: toSecret(key, place), keySource: { source: 'settings' } };
}

/** Reads the key store, which may be a slow keyring. */
export async function findStoredKey(
  provider: KnownProvider,
  sources: ProviderSources,
): Promise<FoundKey | null> {
  const key = (await sources.findStoredKey(provider.name))?.trim();
  if (!key) return null;
  const place = `the key store under ${provider.name}`;
  return { apiKey: toSecret(key, place), keySource: { source: 'key-store' } };
}

function toSecret(key: string, place: string): Secret {
  // A header could not contain other characters, and the error would quote them.
  if (/[^\x21-\x7e]/.test(key)) {
    throw new ConfigError(`The key in ${place} contains characters that a key cannot have.`, {
      hint: 'Copy it again, without spaces, quotes and line breaks.',
    });
  }
  return new Secret(key);
}
