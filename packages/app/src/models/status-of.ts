import { providerStatus, unknownProvider, type ProviderStatus } from '@synapse/core/models';
import type { App } from '../wiring.ts';

/** What is known of the provider of this name; throws a UsageError where there is none. */
export function statusOf({ providerSources }: App, name: string): ProviderStatus {
  const status = providerStatus(providerSources).find((candidate) => candidate.name === name);
  if (!status) throw unknownProvider(name, providerSources);
  return status;
}
