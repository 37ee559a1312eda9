import { withoutDate } from '../providers/is-same-model.ts';
import { PRESETS } from '../providers/presets.ts';
import { NOTHING_KNOWN, type KnownModel, type ModelFacts } from './known-model.ts';
import { knownModels } from './model-table.ts';
import { findOwn, overriddenFacts, type ModelOverrides } from './own-models.ts';

/**
 * A reseller of these makers' models offers them whole; models with open weights are often cut
 * down.
 */
const MAKERS: readonly string[] = ['anthropic', 'openai', 'gemini', 'xai'];
/** Azure charges OpenAI's prices, and names the model that answers. */
const RESELLERS: Readonly<Record<string, string>> = { azure: 'openai' };

/**
 * The row of exactly this model at this provider, or else of the model that this one is a dated
 * version of. A name that only begins alike may belong to a dearer model.
 */
export function findModel(provider: string, model: string): KnownModel | null {
  const seller = Object.hasOwn(RESELLERS, provider) ? RESELLERS[provider] : provider;
  const rows = knownModels().filter((row) => row.provider === seller);
  return findExact(rows, [model, withoutDate(model)]);
}

/**
 * The known facts of a model at any provider: from the settings, then the provider's own row, then
 * the maker's row, then the row of its family. A local server decides itself how much of a model's
 * window it offers.
 */
export function findFacts(
  provider: string,
  model: string,
  overrides: ModelOverrides = {},
): ModelFacts {
  const own = findOwn(provider, model, overrides);
  const known = findModel(provider, model) ?? (isLocal(provider) ? null : findAnywhere(model));
  return { ...(known ? factsOf(known) : NOTHING_KNOWN), ...(own && overriddenFacts(own)) };
}

export function isLocal(provider: string): boolean {
  return PRESETS.some((preset) => preset.isLocal && preset.name === provider);
}

function findAnywhere(model: string): KnownModel | null {
  const names = [makersName(model), withoutDate(makersName(model))];
  const isFamily = (row: KnownModel) => {
    return row.model.endsWith('*') && names[0]?.startsWith(row.model.slice(0, -1));
  };
  const rows = knownModels().filter(({ provider }) => MAKERS.includes(provider));
  return findExact(rows, names) ?? rows.find(isFamily) ?? null;
}

function findExact(rows: readonly KnownModel[], names: readonly string[]): KnownModel | null {
  for (const name of names) {
    const row = rows.find((candidate) => candidate.model === name);
    if (row) return row;
  }
  return null;
}

/** `anthropic/claude-opus-4.1`, `us.anthropic.claude-opus-4-1-20250805-v1:0`, `claude-opus-4-1@20250805`. */
function makersName(model: string): string {
  const name = model
    .slice(model.lastIndexOf('/') + 1)
    .replace(/^(?:\w+\.)?anthropic\./, '')
    .replace(/[:@].*$/, '')
    .replace(/-v\d+$/, '');
  return name.startsWith('claude-') ? name.replaceAll('.', '-') : name;
}

function factsOf(row: KnownModel): ModelFacts {
  const names = Object.keys(NOTHING_KNOWN) as (keyof ModelFacts)[];
  return Object.fromEntries(names.map((name) => [name, row[name]])) as unknown as ModelFacts;
}
