import type { KnownModel, ModelFacts } from './known-model.ts';
import { modelRow } from './model-row.ts';

// Collected on 2026-11-29. Prices, windows and limits: platform.claude.com/docs/en/models/overview
// and /docs/en/about-claude/pricing (cache writes for five minutes). Efforts and temperature:
// platform.claude.com/docs/en/build-with-claude/effort, and the guides on changing to a new model at
// openrouter.ai/docs/cookbook/evaluate-and-optimize/model-migrations.
const FROM_LOW_TO_MAX = ['low', 'medium', 'high', 'xhigh', 'max'];

const READS_ALL = { readsImages: true, readsPdf: true, takesTools: true } as const;
const EVERYTHING = { ...READS_ALL, structuredOutput: 'json-schema' } as const;
const ALWAYS_THINKS: Partial<ModelFacts> = {
  ...EVERYTHING,
  thinking: 'always',
  efforts: FROM_LOW_TO_MAX,
  takesTemperature: false,
};
const ADAPTIVE: Partial<ModelFacts> = { ...ALWAYS_THINKS, thinking: 'adaptive' };
const ON_REQUEST: Partial<ModelFacts> = { ...ALWAYS_THINKS, thinking: 'on-request' };
const LATE_4: Partial<ModelFacts> = {
  ...EVERYTHING,
  thinking: 'on-request',
  efforts: ['low', 'medium', 'high', 'max'],
  takesTemperature: true,
};
const MIDDLE_4: Partial<ModelFacts> = {
  ...EVERYTHING,
  thinking: 'budget',
  efforts: [],
  takesTemperature: true,
};
const EARLY_4: Partial<ModelFacts> = { ...MIDDLE_4, structuredOutput: null };
const OLD: Partial<ModelFacts> = {
  ...{ thinking: 'none', efforts: [], takesTemperature: true },
  ...{ readsImages: true, takesTools: true },
};

const LARGE = { window: 1_000_000, output: 128_000 };
const SMALL = { window: 200_000, output: 64_000 };

export function anthropicModels(): KnownModel[] {
  const row = (model: string, facts: Parameters<typeof modelRow>[2]) =>
    modelRow('anthropic', model, facts);
  return [
    row('claude-fable-5-2', { ...LARGE, price: [8, 40, 0.2, 10], ...ALWAYS_THINKS }),
    row('claude-fable-5-1', { ...LARGE, price: [10, 50, 0.25, 12.5], ...ALWAYS_THINKS }),
    row('claude-fable-5', { ...LARGE, price: [10, 50, 1, 12.5], ...ALWAYS_THINKS }),
    row('claude-opus-5-5', { ...LARGE, price: [4, 20, 0.2, 5], ...ALWAYS_THINKS }),
    row('claude-opus-5', { ...LARGE, price: [5, 25, 0.5, 6.25], ...ADAPTIVE }),
    row('claude-opus-4-8', { ...LARGE, price: [5, 25, 0.5, 6.25], ...ON_REQUEST }),
    row('claude-opus-4-7', { ...LARGE, price: [5, 25, 0.5, 6.25], ...ON_REQUEST }),
    row('claude-opus-4-6', { ...LARGE, price: [5, 25, 0.5, 6.25], ...LATE_4 }),
    row('claude-opus-4-5', {
      ...{ ...SMALL, price: [5, 25, 0.5, 6.25] },
      ...{ ...MIDDLE_4, efforts: ['low', 'medium', 'high'] },
    }),
    row('claude-opus-4-1', {
      ...{ ...SMALL, output: 32_000, price: [15, 75, 1.5, 18.75], ...MIDDLE_4 },
    }),
    ...['claude-opus-4', 'claude-opus-4-0'].map((model) =>
      row(model, { ...SMALL, output: 32_000, price: [15, 75, 1.5, 18.75], ...EARLY_4 }),
    ),
    row('claude-sonnet-5-5', { ...LARGE, price: [2, 10, 0.1, 2.5], ...ADAPTIVE }),
    row('claude-sonnet-5', { ...LARGE, price: [2, 10, 0.2, 2.5], ...ADAPTIVE }),
    row('claude-sonnet-4-6', { ...LARGE, output: 64_000, price: [3, 15, 0.3, 3.75], ...LATE_4 }),
    row('claude-sonnet-4-5', { ...SMALL, price: [3, 15, 0.3, 3.75], ...MIDDLE_4 }),
    ...['claude-sonnet-4', 'claude-sonnet-4-0'].map((model) =>
      row(model, { ...SMALL, price: [3, 15, 0.3, 3.75], ...EARLY_4 }),
    ),
    row('claude-haiku-5-5', {
      ...{ ...LARGE, price: [0.1, 0.5, 0.01, 0.125], ...ADAPTIVE },
      long: { above: 100_000, input: 5, output: 5 },
    }),
    row('claude-haiku-4-5', { ...SMALL, price: [1, 5, 0.1, 1.25], ...MIDDLE_4 }),

    // Retired at Anthropic, and still sold elsewhere: their limits matter, their prices don't.
    row('claude-3-7-sonnet', { ...SMALL, ...OLD, readsPdf: true, thinking: 'budget' }),
    row('claude-3-5-sonnet', { ...SMALL, output: 8192, ...OLD, readsPdf: true }),
    row('claude-3-5-haiku', { ...SMALL, output: 8192, ...OLD }),
    row('claude-3-opus', { ...SMALL, output: 4096, ...OLD }),
    row('claude-3-sonnet', { ...SMALL, output: 4096, ...OLD }),
    row('claude-3-haiku', { ...SMALL, output: 4096, ...OLD }),
    row('claude-2*', { output: 4096, takesTemperature: true }),
    row('claude-instant*', { output: 4096, takesTemperature: true }),
    // Future models: all since Opus 4.7 take no temperature, and have at least this output limit.
    row('claude-*', { output: 64_000, takesTemperature: false, ...READS_ALL }),
  ];
}
