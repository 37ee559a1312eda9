import type { KnownModel, ModelFacts } from './known-model.ts';
import { modelRow } from './model-row.ts';

// Collected on 2026-11-29: developers.openai.com/api/docs/pricing and /api/docs/models/<model>
// (gpt-5.6-sol, gpt-5.6-luna), and for older models github.com/anomalyco/models.dev.
const TO_MAX = ['none', 'low', 'medium', 'high', 'xhigh', 'max'];
const TO_XHIGH = TO_MAX.slice(0, -1);

const READS_ALL = { readsImages: true, readsPdf: true, takesTools: true } as const;
const THINKS: Partial<ModelFacts> = {
  ...READS_ALL,
  structuredOutput: 'json-schema',
  thinking: 'adaptive',
  efforts: TO_MAX,
  takesTemperature: false,
};
const ALWAYS_THINKS: Partial<ModelFacts> = { ...THINKS, thinking: 'always' };
const TALKS: Partial<ModelFacts> = {
  ...READS_ALL,
  structuredOutput: 'json-schema',
  thinking: 'none',
  efforts: [],
  takesTemperature: true,
};
const CHAT: Partial<ModelFacts> = { thinking: 'none', efforts: [], readsImages: true };

const LONG = {
  ...{ window: 1_050_000, output: 128_000 },
  long: { above: 272_000, input: 2, output: 1.5 },
};
const USUAL = { window: 400_000, output: 128_000 };
const OLDER = { window: 200_000, output: 100_000 };
const WIDE_4 = { window: 1_047_576, output: 32_768 };
const SMALL_4 = { window: 128_000, output: 16_384 };

export function openAiModels(): KnownModel[] {
  const row = (model: string, facts: Parameters<typeof modelRow>[2]) =>
    modelRow('openai', model, facts);
  return [
    // github.com/premk134/codex-token-watch/releases/tag/v0.3.3, github.com/iyulab/tokenmeter 0.15.
    row('gpt-6.1-sol', { price: [2, 10, 0.1], ...THINKS, efforts: null }),
    row('gpt-6-astra', { ...LONG, price: [10, 50, 1, 12.5], ...THINKS }),
    row('gpt-6-sol', { ...LONG, price: [2, 10, 0.2, 2.5], ...THINKS }),
    row('gpt-6-luna', { ...LONG, price: [0.1, 0.5, 0.01, 0.125], ...THINKS }),
    ...['gpt-5.6-sol', 'gpt-5.6'].map((model) =>
      row(model, { ...LONG, price: [4, 20, 0.4, 5], ...THINKS }),
    ),
    row('gpt-5.6-terra', { ...LONG, price: [2, 12, 0.2, 2.5], ...THINKS }),
    row('gpt-5.6-luna', { ...LONG, price: [0.2, 1.2, 0.02, 0.25], ...THINKS }),
    // Before GPT-5.6, writing to the cache cost the same as any input.
    row('gpt-5.5', { ...LONG, price: [5, 30, 0.5], ...THINKS, efforts: TO_XHIGH }),
    row('gpt-5.4', { ...LONG, price: [2.5, 15, 0.25], ...THINKS, efforts: TO_XHIGH }),
    row('gpt-5.4-mini', { ...USUAL, price: [0.75, 4.5, 0.075], ...THINKS, efforts: TO_XHIGH }),
    row('gpt-5.4-nano', { ...USUAL, price: [0.2, 1.25, 0.02], ...THINKS, efforts: TO_XHIGH }),
    row('gpt-5.3-codex', { ...USUAL, price: [1.75, 14, 0.175], ...THINKS, efforts: null }),
    row('gpt-5.2', { ...USUAL, price: [1.75, 14, 0.175], ...THINKS, efforts: TO_XHIGH }),
    row('gpt-5.1', {
      ...{ ...USUAL, price: [1.25, 10, 0.125], ...THINKS },
      efforts: ['none', 'low', 'medium', 'high'],
    }),
    ...(
      [
        ['gpt-5', [1.25, 10, 0.125]],
        ['gpt-5-mini', [0.25, 2, 0.025]],
        ['gpt-5-nano', [0.05, 0.4, 0.005]],
      ] as const
    ).map(([model, price]) =>
      row(model, {
        ...{ ...USUAL, price, ...ALWAYS_THINKS },
        efforts: ['minimal', 'low', 'medium', 'high'],
      }),
    ),
    row('o3', {
      ...OLDER,
      price: [2, 8, 0.5],
      ...ALWAYS_THINKS,
      efforts: ['low', 'medium', 'high'],
    }),
    row('o4-mini', {
      ...{ ...OLDER, price: [1.1, 4.4, 0.275], ...ALWAYS_THINKS },
      efforts: ['low', 'medium', 'high'],
    }),
    row('gpt-4.1', { ...WIDE_4, price: [2, 8, 0.5], ...TALKS }),
    row('gpt-4.1-mini', { ...WIDE_4, price: [0.4, 1.6, 0.1], ...TALKS }),
    row('gpt-4.1-nano', { ...WIDE_4, price: [0.1, 0.4, 0.025], ...TALKS }),
    // Only this version costs more, has a shorter output limit, and can't be held to a schema.
    row('gpt-4o-2024-05-13', {
      ...{ ...SMALL_4, output: 4096, price: [5, 15] },
      ...{ ...TALKS, structuredOutput: null },
    }),
    row('gpt-4o', { ...SMALL_4, price: [2.5, 10, 1.25], ...TALKS }),
    row('gpt-4o-mini', { ...SMALL_4, price: [0.15, 0.6, 0.075], ...TALKS }),

    // The models of ChatGPT that answer without thinking.
    ...['gpt-5-chat*', 'gpt-5.1-chat*', 'gpt-5.2-chat*', 'gpt-5.3-chat*'].map((model) =>
      row(model, CHAT),
    ),
    ...['gpt-5*', 'gpt-6*', 'gpt-7*', 'gpt-8*', 'gpt-9*', 'codex*'].map((model) =>
      row(model, { thinking: 'adaptive', takesTemperature: false }),
    ),
    ...['o1*', 'o3*', 'o4*'].map((model) =>
      row(model, { thinking: 'always', takesTemperature: false }),
    ),
  ];
}
