import { ConfigError, NoProviderError } from '../errors/config-error.ts';
import { ProviderError } from '../errors/provider-error.ts';
import { findKey, findStoredKey, type FoundKey } from './find-key.ts';
import { knownProvider, noAddress, type KnownProvider } from './known-providers.ts';
import { parseChoice, type ParsedChoice, type ProviderChoice } from './parse-choice.ts';
import { AUTO_DETECTED, PRESETS } from './presets.ts';
import type { ProviderSetup, ProviderSources } from './provider-setup.ts';

/**
 * Finds the provider and the model to use. If the user names no provider: the first preset with a
 * key, then the first provider of the user with one, then a local server that answers. Throws a
 * UsageError for an unknown name, a ProviderError if the key is missing, and a ConfigError if
 * nothing is found or the settings are invalid.
 */
export async function resolveProvider(
  choice: ProviderChoice,
  sources: ProviderSources,
): Promise<ProviderSetup> {
  const parsed = parseChoice(choice, sources);
  const found = parsed.provider
    ? await findNamed(parsed.provider, sources)
    : ((await findWithKey(sources)) ?? (await findOwn(sources)) ?? (await findLocal(sources)));
  if (found === null) throw nothingFound();

  const { provider, key } = found;
  const { settings } = provider;
  if (provider.baseUrl === null && provider.dialect !== 'demo') throw noAddress(provider);
  return {
    name: provider.name,
    dialect: provider.dialect,
    baseUrl: provider.baseUrl,
    apiKey: key?.apiKey ?? null,
    keySource: key?.keySource ?? null,
    model: await chooseModel(provider, parsed, found.models, sources),
    headers: settings.headers ?? {},
    quirks: {
      ...provider.quirks,
      ...(settings.cache_marks != null && { marksCache: settings.cache_marks }),
    },
    isLocal: provider.isLocal,
    maxOutputTokens: settings.max_tokens ?? null,
    temperature: settings.temperature ?? null,
    idleTimeoutMs: settings.timeout ? settings.timeout * 1000 : null,
  };
}

interface Found {
  provider: KnownProvider;
  key: FoundKey | null;
  /** The models that a contacted server reported. */
  models?: readonly string[];
}

async function findNamed(name: string, sources: ProviderSources): Promise<Found> {
  const provider = knownProvider(name, sources);
  if (provider.dialect === 'demo') return { provider, key: null };
  const key = findKey(provider, sources) ?? (await findStoredKey(provider, sources));
  const isPreset = PRESETS.some((preset) => preset.name === name);
  if (key === null && isPreset && !provider.isLocal && !provider.isElsewhere) {
    throw missingKey(provider);
  }
  return { provider, key };
}

async function findWithKey(sources: ProviderSources): Promise<Found | null> {
  const providers = PRESETS.filter((preset) => !preset.isLocal)
    .map(({ name }) => knownProvider(name, sources))
    .filter(({ baseUrl }) => baseUrl !== null);
  for (const find of [findKey, findStoredKey]) {
    for (const provider of providers) {
      const key = await find(provider, sources);
      if (key) return { provider, key };
    }
  }
  return null;
}

async function findOwn(sources: ProviderSources): Promise<Found | null> {
  const presets = new Set(PRESETS.map(({ name }) => name));
  const name = Object.keys(sources.providers).find((candidate) => !presets.has(candidate));
  return name === undefined ? null : findNamed(name, sources);
}

async function findLocal(sources: ProviderSources): Promise<Found | null> {
  const providers = AUTO_DETECTED.map((name) => knownProvider(name, sources));
  const answers = await Promise.all(
    providers.map(async ({ baseUrl }) => (baseUrl === null ? undefined : sources.probe(baseUrl))),
  );
  for (const [index, provider] of providers.entries()) {
    const models = answers[index];
    if (models !== undefined && models.length > 0) return { provider, key: null, models };
  }
  return null;
}

async function chooseModel(
  provider: KnownProvider,
  { model, size }: ParsedChoice,
  models: readonly string[] | undefined,
  sources: ProviderSources,
): Promise<string> {
  const chosen = model ?? (size && provider.models[size]) ?? provider.models.default;
  if (chosen !== null) return chosen;
  const offered = models ?? (provider.baseUrl ? await sources.probe(provider.baseUrl) : undefined);
  const [first] = offered ?? [];
  if (first !== undefined) return first;
  throw new ConfigError(`No model of ${provider.name} is configured.`, {
    ...(offered === undefined
      ? {
          action: {
            name: 'choose-model',
            provider: provider.name,
            text: `Name a model, or set model under [providers.${provider.name}].`,
          },
        }
      : { hint: `${provider.title} runs but has no model yet; load one there first.` }),
  });
}

function missingKey({ name, title, keyVariables }: KnownProvider): ProviderError {
  return new ProviderError(`There is no key for ${title}.`, {
    provider: name,
    reason: 'auth',
    isRetryable: false,
    hint: `Set ${keyVariables.join(' or ')}, `,
    action: { name: 'set-key', provider: name, text: `or store a key for ${name}.` },
  });
}

function nothingFound(): NoProviderError {
  const variables = PRESETS.flatMap(({ keyVariables }) => keyVariables);
  return new NoProviderError(
    'No model can be asked: there is no key, and no local server answers.',
    {
      hint: [
        `Looked for ${variables.join(', ')}.`,
        'Set one, such as: export ANTHROPIC_API_KEY=…',
        'A running Ollama or LM Studio with a model is detected automatically.',
        '',
      ].join('\n'),
      action: { name: 'try-demo', text: 'To try Synapse without either, use the provider demo.' },
    },
  );
}
