import { describe, expect, it } from '@jest/globals';
import { PRESETS } from '../providers/presets.ts';
import { findModel } from './find-model.ts';
import { knownModels, MODELS_AS_OF, pricedModels, WITHOUT_PRICE } from './model-table.ts';

const askedByDefault = PRESETS.filter(({ isLocal }) => !isLocal).flatMap(({ name, models }) =>
  [models.default, models.fast, models.smart]
    .filter((model) => typeof model === 'string')
    .map((model) => [name, model] as const),
);

describe('the table of models', () => {
  it('has each model once, plausible and dated', () => {
    const names = knownModels().map(({ provider, model }) => `${provider}/${model}`);
    expect(new Set(names).size).toBe(names.length);
    expect(MODELS_AS_OF).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    for (const {
      model,
      price,
      contextTokens,
      maxOutputTokens,
      efforts,
      thinking,
    } of knownModels()) {
      if (contextTokens !== null && maxOutputTokens !== null) {
        expect({ model, isWide: contextTokens >= maxOutputTokens }).toMatchObject({ isWide: true });
      }
      if (thinking === 'none') expect(efforts).toEqual([]);
      if (price === null) continue;
      expect(price.outputPerMillion).toBeGreaterThan(price.inputPerMillion);
      expect(price.inputPerMillion).toBeGreaterThanOrEqual(price.cacheReadPerMillion);
    }
  });

  it.each(askedByDefault)(
    'knows the price of the default model of %s, %s, or why it is unknown',
    (name, model) => {
      const reason = WITHOUT_PRICE[`${name}/${model}`];
      const price = findModel(name, model)?.price ?? null;
      expect(price === null).toBe(reason !== undefined);
    },
  );

  it('gives reasons only for default models without a price', () => {
    const asked = askedByDefault.map(([name, model]) => `${name}/${model}`);
    expect(asked).toEqual(expect.arrayContaining(Object.keys(WITHOUT_PRICE)));
  });

  it('offers no families and no retired models', () => {
    expect(pricedModels().filter(({ model }) => /\*|claude-3/.test(model))).toEqual([]);
  });
});
