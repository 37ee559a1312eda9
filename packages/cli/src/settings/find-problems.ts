import { InvalidSettingsError, loadSettings, locateKey, type Problem } from '@synapse/config';
import { providerStatus, unknownProvider } from '@synapse/core';
import type { App } from '../wiring.ts';
import { readSettingsText } from './settings-file.ts';

/** Everything that is wrong with the settings as they are now. */
export async function findProblems(environment: NodeJS.ProcessEnv): Promise<readonly Problem[]> {
  try {
    await loadSettings({ environment });
    return [];
  } catch (error) {
    if (error instanceof InvalidSettingsError) return error.problems;
    throw error;
  }
}

/** A provider that has the form of a name, but is nobody's. */
export async function findUnknownProvider({
  settings: { provider },
  origins,
  file,
  providerSources,
}: App): Promise<Problem[]> {
  const isKnown = providerStatus(providerSources).some(({ name }) => name === provider);
  if (provider === null || isKnown) return [];
  const { hint = '' } = unknownProvider(provider, providerSources);
  const origin = origins.get('provider');
  const isInFile = origin?.source === 'file';
  const line = isInFile ? await locateKey(readSettingsText(file), ['provider']) : null;
  return [
    {
      source: origin?.name ?? file,
      line,
      key: 'provider',
      message: `"${provider}" is unknown. ${hint}`,
    },
  ];
}
