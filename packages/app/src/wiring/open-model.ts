import type { Settings } from '@synapse/config';
import { systemClock, withRetries, type ModelProvider } from '@synapse/core';
import {
  findFacts,
  resolveProvider,
  withFallback,
  withoutRefusedTools,
  type ProviderChoice,
  type ProviderSetup,
  type ProviderSources,
} from '@synapse/core/models';
import { withWindow } from '../models/ask-window.ts';
import { ownModels, priceObstacle } from '../settings/own-models.ts';
import type { OpenModel } from '../wiring.ts';

/** The chosen model, wrapped in retries and the fallbacks of the settings. */
export async function openModel(
  choice: ProviderChoice,
  settings: Settings,
  sources: ProviderSources,
): Promise<OpenModel> {
  const open = async (setup: ProviderSetup) => {
    const adapter = withoutRefusedTools(await createProvider(setup, settings, sources.environment));
    return withRetries(adapter, { clock: systemClock });
  };
  const setup = await withWindow(await resolveProvider(choice, sources), settings);
  const others = await Promise.all(
    settings.fallback.map(async (name) => {
      // Requests are cut to the window of the first model, so no server is asked for another.
      const link = await resolveProvider({ provider: null, model: name }, sources);
      const obstacle = priceObstacle(link, settings);
      return { provider: await open(link), model: link.model, obstacle };
    }),
  );
  return { setup, provider: withFallback(await open(setup), others) };
}

/** Opens the adapter for the provider's dialect. */
export async function createProvider(
  setup: ProviderSetup,
  settings: Settings,
  environment: ProviderSources['environment'],
): Promise<ModelProvider> {
  const own = ownModels(settings);
  const { reasoning: showsReasoning } = settings.output;
  const { name, dialect, baseUrl, apiKey, headers, idleTimeoutMs } = setup;
  const options = {
    name,
    apiKey: apiKey?.reveal() ?? null,
    headers,
    environment,
    factsOf: (model: string) => findFacts(name, model, own),
    ...(baseUrl !== null && { baseUrl }),
    ...(idleTimeoutMs !== null && { idleTimeoutMs }),
  };
  switch (dialect) {
    case 'demo': {
      const { createDemoProvider } = await import('@synapse/provider-demo');
      return createDemoProvider({
        pause: (signal) => systemClock.sleep(5, signal),
        advice:
          'Set up a real provider with `synapse providers`; your messages stay in this session.',
      });
    }
    case 'anthropic': {
      const { createAnthropicProvider } = await import('@synapse/provider-anthropic');
      return createAnthropicProvider({ ...options, showsReasoning });
    }
    case 'openai-responses': {
      const { createOpenAiProvider } = await import('@synapse/provider-openai');
      return createOpenAiProvider({
        ...{ ...options, dialect: 'responses' },
        ...(showsReasoning && { reasoningSummary: 'auto' as const }),
      });
    }
    case 'openai-chat': {
      const { createOpenAiProvider } = await import('@synapse/provider-openai');
      return createOpenAiProvider({ ...options, dialect: 'chat', quirks: setup.quirks });
    }
  }
}
