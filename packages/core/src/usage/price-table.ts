import type { ModelAbility } from '../ports/model-provider.ts';
import type { Price } from '../session/usage.ts';
import type { KnownModel } from './known-model.ts';

/**
 * The day when the prices below were collected, partly from second sources; a bill is the truth, and
 * `[prices]` in the settings corrects them.
 */
export const PRICES_AS_OF = '2026-11-20';

type Row = readonly [
  model: string,
  contextTokens: number,
  maxOutputTokens: number | null,
  input: number,
  output: number,
  cacheRead: number,
  cacheWrite: number,
];

const EVERYTHING: ModelAbility[] = ['tools', 'images', 'files', 'reasoning', 'structured-output'];
const WITHOUT_REASONING = EVERYTHING.filter((ability) => ability !== 'reasoning');

// US dollars per million tokens, standard tier; cache writes at Anthropic for five minutes.
const ANTHROPIC: readonly Row[] = [
  ['claude-fable-5-1', 1_000_000, 128_000, 10, 50, 0.25, 12.5],
  ['claude-fable-5', 1_000_000, 128_000, 10, 50, 1, 12.5],
  ['claude-opus-5-5', 1_000_000, 128_000, 4, 20, 0.2, 5],
  ['claude-opus-5', 1_000_000, 128_000, 5, 25, 0.5, 6.25],
  ['claude-opus-4-8', 1_000_000, 128_000, 5, 25, 0.5, 6.25],
  ['claude-opus-4-7', 1_000_000, 128_000, 5, 25, 0.5, 6.25],
  ['claude-opus-4-6', 1_000_000, 128_000, 5, 25, 0.5, 6.25],
  ['claude-opus-4-5', 200_000, 64_000, 5, 25, 0.5, 6.25],
  ['claude-opus-4-1', 200_000, 32_000, 15, 75, 1.5, 18.75],
  ['claude-sonnet-5-5', 1_000_000, 128_000, 2, 10, 0.1, 2.5],
  ['claude-sonnet-5', 1_000_000, 128_000, 2, 10, 0.2, 2.5],
  ['claude-sonnet-4-6', 1_000_000, 64_000, 3, 15, 0.3, 3.75],
  ['claude-sonnet-4-5', 200_000, 64_000, 3, 15, 0.3, 3.75],
  ['claude-haiku-4-5', 200_000, 64_000, 1, 5, 0.1, 1.25],
];

const OPENAI_LONG: readonly Row[] = [
  ['gpt-6-astra', 1_050_000, 128_000, 10, 50, 1, 12.5],
  ['gpt-6-sol', 1_050_000, 128_000, 2, 10, 0.2, 2.5],
  ['gpt-6-luna', 1_050_000, 128_000, 0.1, 0.5, 0.01, 0.125],
];

// Before GPT-6, writing to the cache cost what any input did.
const OPENAI: readonly Row[] = [
  ['gpt-5.4-mini', 400_000, 128_000, 0.75, 4.5, 0.075, 0.75],
  ['gpt-5.4-nano', 400_000, 128_000, 0.2, 1.25, 0.02, 0.2],
  ['gpt-5.2', 400_000, 128_000, 1.75, 14, 0.175, 1.75],
  ['gpt-5.1', 400_000, 128_000, 1.25, 10, 0.125, 1.25],
  ['gpt-5', 400_000, 128_000, 1.25, 10, 0.125, 1.25],
  ['gpt-5-mini', 400_000, 128_000, 0.25, 2, 0.025, 0.25],
  ['gpt-5-nano', 400_000, 128_000, 0.05, 0.4, 0.005, 0.05],
  ['o3', 200_000, 100_000, 2, 8, 0.5, 2],
  ['o4-mini', 200_000, 100_000, 1.1, 4.4, 0.275, 1.1],
];

const OPENAI_PLAIN: readonly Row[] = [
  ['gpt-4.1', 1_047_576, 32_768, 2, 8, 0.5, 2],
  ['gpt-4.1-mini', 1_047_576, 32_768, 0.4, 1.6, 0.1, 0.4],
  ['gpt-4.1-nano', 1_047_576, 32_768, 0.1, 0.4, 0.025, 0.1],
  ['gpt-4o', 128_000, 16_384, 2.5, 10, 1.25, 2.5],
  ['gpt-4o-mini', 128_000, 16_384, 0.15, 0.6, 0.075, 0.15],
];

/**
 * Only prices that were found on a provider's own list, or alike in several places; a model that is
 * missing here has no known price until the settings say one.
 */
export const KNOWN_MODELS: readonly KnownModel[] = [
  ...ANTHROPIC.map((row) => toModel('anthropic', row, EVERYTHING)),
  longModel(
    toModel(
      'anthropic',
      ['claude-haiku-5-5', 1_000_000, 128_000, 0.1, 0.5, 0.01, 0.125],
      EVERYTHING,
    ),
    100_000,
    { input: 5, output: 5 },
  ),
  ...OPENAI_LONG.map((row) =>
    longModel(toModel('openai', row, EVERYTHING), 272_000, { input: 2, output: 1.5 }),
  ),
  ...OPENAI.map((row) => toModel('openai', row, EVERYTHING)),
  ...OPENAI_PLAIN.map((row) => toModel('openai', row, WITHOUT_REASONING)),
];

function toModel(provider: string, row: Row, abilities: readonly ModelAbility[]): KnownModel {
  const [model, contextTokens, maxOutputTokens, input, output, cacheRead, cacheWrite] = row;
  const price: Price = {
    inputPerMillion: input,
    outputPerMillion: output,
    cacheReadPerMillion: cacheRead,
    cacheWritePerMillion: cacheWrite,
  };
  return { provider, model, price, longRequest: null, contextTokens, maxOutputTokens, abilities };
}

function longModel(
  model: KnownModel,
  aboveInputTokens: number,
  times: { input: number; output: number },
): KnownModel {
  const { price } = model;
  return {
    ...model,
    longRequest: {
      aboveInputTokens,
      price: {
        inputPerMillion: price.inputPerMillion * times.input,
        outputPerMillion: price.outputPerMillion * times.output,
        cacheReadPerMillion: price.cacheReadPerMillion * times.input,
        cacheWritePerMillion: price.cacheWritePerMillion * times.input,
      },
    },
  };
}
