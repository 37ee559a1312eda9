import type { App } from '../wiring.ts';
import { listModels, type ListedModel, type ListOptions } from './list-models.ts';
import { readinessOf, type Readiness } from './readiness.ts';

export interface AllModels {
  models: ListedModel[];
  /** A sentence for each provider that could not be asked. */
  failures: string[];
}

/** The models of all providers that are set up, and of local servers that answer. */
export async function listAllModels(app: App, options: ListOptions): Promise<AllModels> {
  const candidates = (await readinessOf(app)).filter(({ missing }) => missing === null);
  const answers = await Promise.all(
    candidates.map(async (provider): Promise<AllModels> => {
      if (!(await isReachable(app, provider))) return { models: [], failures: [] };
      try {
        return { models: await listModels(app, provider.name, options), failures: [] };
      } catch (error) {
        options.signal.throwIfAborted();
        return { models: [], failures: [`${provider.name}: ${(error as Error).message}`] };
      }
    }),
  );
  return {
    models: answers.flatMap(({ models }) => models),
    failures: answers.flatMap(({ failures }) => failures),
  };
}

/** A local server that does not run is no failure. */
async function isReachable(
  { providerSources }: App,
  { isLocal, baseUrl }: Readiness,
): Promise<boolean> {
  if (!isLocal || baseUrl === null) return true;
  return (await providerSources.probe(baseUrl)) !== undefined;
}
