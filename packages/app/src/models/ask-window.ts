import type { Settings } from '@synapse/config';
import { joinSignals } from '@synapse/core';
import { findFacts, type ProviderSetup } from '@synapse/core/models';
import { ownModels } from '../settings/own-models.ts';

const TIMEOUT_MS = 200;

type Asked = Pick<ProviderSetup, 'name' | 'baseUrl' | 'model'>;
type Ask = (path: string, body?: object) => Promise<unknown>;

/** Adds the context window that a local server reports, unless the settings or the table have one. */
export async function withWindow(setup: ProviderSetup, settings: Settings): Promise<ProviderSetup> {
  const { name, model, isLocal } = setup;
  if (!isLocal || setup.dialect === 'demo') return setup;
  if (findFacts(name, model, ownModels(settings)).contextTokens !== null) return setup;
  return { ...setup, contextTokens: await askWindow(setup) };
}

/**
 * The context window of a model on a local server, in tokens; null if the server reports none in
 * time. It may be smaller than the model allows: Ollama's default is, and Ollama silently cuts the
 * beginning of a longer request.
 */
export async function askWindow(
  { name, baseUrl, model }: Asked,
  timeoutMs = TIMEOUT_MS,
): Promise<number | null> {
  const read = READERS[name];
  if (read === undefined || !baseUrl?.startsWith('http:')) return null;
  const limit = joinSignals([], timeoutMs);
  const ask: Ask = async (path, body) => {
    const answer = await fetch(new URL(path, `${baseUrl.replace(/\/$/, '')}/`), {
      signal: limit.signal,
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    return answer.ok ? answer.json() : null;
  };
  try {
    const tokens = await read(ask, model);
    return Number.isSafeInteger(tokens) && Number(tokens) > 0 ? Number(tokens) : null;
  } catch {
    return null;
  } finally {
    limit.release();
  }
}

const READERS: Readonly<Record<string, (ask: Ask, model: string) => Promise<unknown>>> = {
  async ollama(ask, model) {
    const shown = (await ask('/api/show', { model })) as { parameters?: string } | null;
    const set = /^num_ctx\s+(\d+)/m.exec(shown?.parameters ?? '')?.[1];
    if (set !== undefined) return Number(set);
    const running = (await ask('/api/ps')) as { models?: Running[] } | null;
    return running?.models?.find((one) => one.name === model || one.model === model)
      ?.context_length;
  },
  async llamacpp(ask) {
    const props = (await ask('/props')) as { default_generation_settings?: Sizes } | null;
    return props?.default_generation_settings?.n_ctx;
  },
  async lmstudio(ask, model) {
    const shown = (await ask(`/api/v0/models/${encodeURIComponent(model)}`)) as Sizes | null;
    return shown?.loaded_context_length;
  },
  async vllm(ask, model) {
    const list = (await ask('models')) as { data?: (Sizes & { id?: string })[] } | null;
    return list?.data?.find(({ id }) => id === model)?.max_model_len;
  },
};

interface Running {
  name?: string;
  model?: string;
  context_length?: number;
}

interface Sizes {
  n_ctx?: number;
  loaded_context_length?: number;
  max_model_len?: number;
}
