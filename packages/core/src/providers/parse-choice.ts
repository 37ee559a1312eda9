import { ConfigError } from '../errors/config-error.ts';
import { UsageError } from '../errors/usage-error.ts';
import { nearestName } from '../nearest-name.ts';
import { providerNames, unknownProvider } from './known-providers.ts';
import { PRESETS } from './presets.ts';
import type { ProviderSources } from './provider-setup.ts';

/**
 * The user's choice: a provider and a model, `provider/model`, or an alias; each part is optional.
 */
export interface ProviderChoice {
  provider: string | null;
  model: string | null;
  /** The provider for a model whose name does not point to another provider. */
  usualProvider?: string | null;
}

/** The aliases `fast` and `smart`, which name a different model at each provider. */
export type ModelSize = 'fast' | 'smart';

export interface ParsedChoice {
  provider: string | null;
  model: string | null;
  size: ModelSize | null;
}

/** Finds the chosen provider, without checking for its key. */
export function parseChoice(choice: ProviderChoice, sources: ProviderSources): ParsedChoice {
  const names = providerNames(sources);
  const { provider } = choice;
  if (provider !== null && !names.includes(provider)) {
    const [head = ''] = provider.split('/');
    if (choice.model !== null || head === provider || !names.includes(head)) {
      throw unknownProvider(head, sources);
    }
    return parseChoice({ ...choice, provider: null, model: provider }, sources);
  }
  const model = choice.model === null ? null : expandAlias(choice.model, sources);
  if (model === null) return { provider, model, size: null };
  const usual = choice.usualProvider ?? null;
  if (model === 'fast' || model === 'smart') {
    return { provider: provider ?? usual, model: null, size: model };
  }

  const named = splitModel(model, names);
  if (provider === null) {
    return named ?? { provider: guessProvider(model, sources) ?? usual, model, size: null };
  }
  if (named === null) return { provider, model, size: null };
  if (named.provider === provider) return named;
  // At a reseller, `anthropic/claude-x` is the name of a model.
  if (model !== choice.model) {
    throw new UsageError(
      `"${choice.model ?? ''}" means ${model}, which is not a model of ${provider}.`,
      {
        action: {
          name: 'drop-provider',
          provider,
          text: `Leave out the provider, or name a model of ${provider}.`,
        },
      },
    );
  }
  return { provider, model, size: null };
}

function expandAlias(text: string, { aliases }: ProviderSources): string {
  const seen = new Set<string>();
  let model = text;
  while (Object.hasOwn(aliases, model)) {
    if (seen.has(model)) {
      throw new ConfigError(`The alias "${text}" leads back to itself.`, {
        hint: `Set aliases.${model} to the name of a model.`,
      });
    }
    seen.add(model);
    model = aliases[model] ?? model;
  }
  return model;
}

/** Null if the text does not begin with the name of a provider. */
function splitModel(text: string, names: readonly string[]): ParsedChoice | null {
  if (names.includes(text)) return { provider: text, model: null, size: null };
  const slash = text.indexOf('/');
  const provider = text.slice(0, Math.max(slash, 0));
  if (!names.includes(provider)) return null;
  // OpenRouter itself also names its router openrouter/auto.
  const preset = PRESETS.find((candidate) => candidate.name === provider);
  const model = text === preset?.models.default ? text : text.slice(slash + 1);
  if (model === 'fast' || model === 'smart') return { provider, model: null, size: model };
  return { provider, model: model || null, size: null };
}

/** By the beginning of the model's name, or because the settings of a provider name the model. */
function guessProvider(model: string, sources: ProviderSources): string | null {
  const own = Object.entries(sources.providers).find(([, settings]) => settings.model === model);
  if (own) return own[0];
  const preset = PRESETS.find(({ modelPrefixes }) =>
    modelPrefixes.some((prefix) => model.startsWith(prefix)),
  );
  if (preset) return preset.name;
  const slash = model.indexOf('/');
  const head = model.slice(0, Math.max(slash, 0));
  // A refusal needs more likeness than a suggestion: z-ai/… names models of OpenRouter, not of xai.
  const farthest = Math.max(1, Math.floor(head.length / 3));
  if (nearestName(head, providerNames(sources), farthest)) throw unknownProvider(head, sources);
  return null;
}
