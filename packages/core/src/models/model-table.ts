import { anthropicModels } from './anthropic-models.ts';
import type { KnownModel } from './known-model.ts';
import { openAiModels } from './openai-models.ts';
import { otherModels } from './other-models.ts';

/**
 * The day when the facts of the table were collected, partly from second sources: the rows name
 * them. Bills may differ, and `[models]` in the settings corrects the table.
 */
export const MODELS_AS_OF = '2026-11-29';

/** The reason why the default model of a preset has no price in the table. */
export const WITHOUT_PRICE: Readonly<Record<string, string>> = {
  'openrouter/openrouter/auto': 'the router chooses the model, and each answer reports its cost',
};

let table: readonly KnownModel[] | undefined;

/**
 * Contains only facts from a provider's own pages, or from several agreeing sources; all others are
 * unknown. Built on first use, because many commands need none of it.
 */
export function knownModels(): readonly KnownModel[] {
  table ??= [...anthropicModels(), ...openAiModels(), ...otherModels()];
  return table;
}

/** The models that may be offered by name: those with a known price. */
export function pricedModels(): KnownModel[] {
  return knownModels().filter(({ price }) => price !== null);
}
