import { providerStatus, unknownProvider, type ProviderStatus } from '@synapse/core/models';
import type { App } from '../wiring.ts';
import { findKeys, type KeyOfProvider } from './find-keys.ts';

export interface Readiness extends ProviderStatus {
  key: KeyOfProvider;
  /** What is missing before it can be asked; null if nothing is, as far as known offline. */
  missing: 'key' | 'address' | null;
}

export async function readinessOf(app: App): Promise<Readiness[]> {
  const keys = new Map((await findKeys(app)).map((key) => [key.provider, key]));
  return providerStatus(app.providerSources).map((status) => {
    const { name: provider } = status;
    const key = keys.get(provider) ?? { provider, source: null, variable: null };
    return { ...status, key, missing: missingOf(status, key) };
  });
}

function missingOf(status: ProviderStatus, key: KeyOfProvider): Readiness['missing'] {
  if (status.dialect === 'demo') return null;
  if (status.baseUrl === null) return 'address';
  return status.isLocal || status.keyVariables.length === 0 || key.source !== null ? null : 'key';
}

/** A provider as every interface shows it in JSON: the place of its key, not the key. */
export function readinessToJson({ key, keySource: _, ...status }: Readiness): object {
  return { ...status, key: { source: key.source, variable: key.variable } };
}

export function describeReadiness({ missing, isLocal, dialect, keyVariables }: Readiness): string {
  if (missing === 'address') return 'no address';
  if (missing === 'key') return `no key: ${keyVariables.join(' or ')}`;
  return isLocal && dialect !== 'demo' ? 'if it runs' : 'ready';
}

/** The status of the provider of this name; throws a UsageError if there is none. */
export function statusOf({ providerSources }: App, name: string): ProviderStatus {
  const status = providerStatus(providerSources).find((candidate) => candidate.name === name);
  if (!status) throw unknownProvider(name, providerSources);
  return status;
}
