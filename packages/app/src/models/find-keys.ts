import { providerStatus } from '@synapse/core/models';
import type { App } from '../wiring.ts';

export interface KeyOfProvider {
  provider: string;
  /** Null if there is none; the one of highest precedence if there are several. */
  source: 'environment' | 'settings' | 'keyring' | 'file' | null;
  /** The variable, if the key is in one. */
  variable: string | null;
}

/** The place of the key of each provider, without access to a keyring. */
export async function findKeys(app: App): Promise<KeyOfProvider[]> {
  const places = (await app.openKeys()).places();
  const known = providerStatus(app.providerSources).map(({ name, keySource }): KeyOfProvider => {
    if (keySource?.source === 'environment') {
      return { provider: name, source: 'environment', variable: keySource.variable };
    }
    const kept = Object.hasOwn(places, name) ? places[name] : undefined;
    return { provider: name, source: keySource ? 'settings' : (kept ?? null), variable: null };
  });
  const names = new Set(known.map(({ provider }) => provider));
  const forgotten = Object.entries(places).filter(([name]) => !names.has(name));
  return [
    ...known,
    ...forgotten.map(([provider, source]) => ({ provider, source, variable: null })),
  ];
}

export function describeKey({ source, variable }: KeyOfProvider): string {
  switch (source) {
    case 'environment':
      return `variable ${variable ?? ''}`;
    case 'settings':
      return 'settings';
    case 'keyring':
      return 'keyring';
    case 'file':
      return 'key file';
    case null:
      return 'none';
  }
}
