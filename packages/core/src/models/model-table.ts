import { anthropicModels } from './anthropic-models.ts';
import type { KnownModel } from './known-model.ts';
import { openAiModels } from './openai-models.ts';
import { otherModels } from './other-models.ts';

/**
 * The day when the facts of the table were collected, partly from second sources: the rows say
 * where. A bill is the truth, and `[models]` in the settings corrects them.
 */
export const MODELS_AS_OF = '2026-11-29';

/** Why the default model of a preset has no price in the table. */
export const WITHOUT_PRICE: Readonly<Record<string, string>> = {
  'openrouter/openrouter/auto': 'the router chooses the model, and each answer reports its cost',
};

let table: readonly KnownModel[] | undefined;

/**
 * Only what was found on a provider's own pages, or alike in several places; what was not found is
 * unknown. It is made when it is first asked for: many commands need none of it.
 */
export function knownModels(): readonly KnownModel[] {
  table ??= [...anthropicModels(), ...openAiModels(), ...otherModels()];
  return table;
}

/** The models that may be offered by name: those of which is known what they cost. */
export function pricedModels(): KnownModel[] {
  return knownModels().filter(({ price }) => price !== null);
}
