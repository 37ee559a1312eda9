import { InvalidSettingsError, loadSettings, locateKey, type Problem } from '@synapse/config';
import { SynapseError } from '@synapse/core';
import { parseChoice, providerStatus, unknownProvider } from '@synapse/core/models';
import type { App } from '../wiring.ts';
import { readSettingsText } from './settings-file.ts';

/** Everything that is wrong with the present settings. */
export async function findProblems(environment: NodeJS.ProcessEnv): Promise<readonly Problem[]> {
  try {
    await loadSettings({ environment });
    return [];
  } catch (error) {
    if (error instanceof InvalidSettingsError) return error.problems;
    throw error;
  }
}

/** Providers and fallbacks with valid names that refer to no provider. */
export async function findUnknownNames(app: App): Promise<Problem[]> {
  const { provider, fallback } = app.settings;
  const isKnown = providerStatus(app.providerSources).some(({ name }) => name === provider);
  const problems: Problem[] = [];
  if (provider !== null && !isKnown) {
    const { hint = '' } = unknownProvider(provider, app.providerSources);
    problems.push(await problemAt(app, 'provider', `"${provider}" is unknown. ${hint}`));
  }
  for (const model of fallback) {
    const message = whyNoModel(model, app);
    if (message !== null) problems.push(await problemAt(app, 'fallback', message));
  }
  return problems;
}

function whyNoModel(model: string, { providerSources }: App): string | null {
  if (/["'[\]\s]/.test(model) || model === '') {
    return `${JSON.stringify(model)} is not a model. Write a list such as ["openai/gpt-6-sol"].`;
  }
  try {
    parseChoice({ provider: null, model }, providerSources);
    return null;
  } catch (error) {
    if (error instanceof SynapseError)
      return [`"${model}": ${error.message}`, error.hint].join(' ').trim();
    throw error;
  }
}

async function problemAt({ origins, file }: App, key: string, message: string): Promise<Problem> {
  const origin = origins.get(key);
  const isInFile = origin?.source === 'file';
  const line = isInFile ? await locateKey(readSettingsText(file), [key]) : null;
  return { source: origin?.name ?? file, line, key, message };
}
