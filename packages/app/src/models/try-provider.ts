import { isVisible, type ModelRequest } from '@synapse/core';
import { resolveProvider, type ProviderChoice } from '@synapse/core/models';
import type { App } from '../wiring.ts';

export interface Trial {
  provider: string;
  model: string;
  timeToFirstTokenMs: number | null;
  latencyMs: number;
  inputTokens: number | null;
  outputTokens: number | null;
}

/**
 * One tiny request without retries, so that the caller sees a failure. Rejects as the provider
 * does.
 */
export async function tryProvider(
  app: App,
  choice: ProviderChoice,
  signal: AbortSignal,
): Promise<Trial> {
  const { clock, providerSources } = app;
  const setup = await resolveProvider(choice, providerSources);
  const provider = await app.createProvider(setup);
  const startedAt = clock.monotonicMs();
  const trial: Trial = {
    ...{ provider: setup.name, model: setup.model, latencyMs: 0 },
    ...{ timeToFirstTokenMs: null, inputTokens: null, outputTokens: null },
  };
  for await (const event of provider.stream(requestFor(setup.model), signal)) {
    const elapsedMs = Math.round(clock.monotonicMs() - startedAt);
    if (isVisible(event)) trial.timeToFirstTokenMs ??= elapsedMs;
    if (event.type !== 'turn-end') continue;
    trial.inputTokens = event.usage?.inputTokens ?? null;
    trial.outputTokens = event.usage?.outputTokens ?? null;
  }
  trial.latencyMs = Math.round(clock.monotonicMs() - startedAt);
  return trial;
}

function requestFor(model: string): ModelRequest {
  return {
    model,
    systemPrompt: null,
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Answer with the word: ready' }] }],
    tools: [],
    maxOutputTokens: 64,
    temperature: null,
    outputSchema: null,
    cacheKey: null,
  };
}
