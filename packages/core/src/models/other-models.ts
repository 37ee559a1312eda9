import type { KnownModel, ModelFacts } from './known-model.ts';
import { modelRow } from './model-row.ts';

const TALKS = { takesTools: true, takesTemperature: true } as const;

// ai.google.dev/gemini-api/docs/pricing, by way of github.com/anomalyco/models.dev, 2026-11-29.
// Writing to the cache costs what any input does; keeping it there by the hour is not counted.
const GEMINI: Partial<ModelFacts> = {
  ...TALKS,
  ...{ thinking: 'adaptive', structuredOutput: 'json-schema', readsImages: true },
};
const GEMINI_SIZE = { window: 1_048_576, output: 65_536 };
const GEMINI_LONG = { above: 200_000, input: 2, output: 1.5 };

// docs.x.ai/developers/grok-4-6 and /developers/pricing, 2026-11-29: no limit for the answer.
const GROK: Partial<ModelFacts> = {
  ...TALKS,
  ...{ thinking: 'always', structuredOutput: 'json-schema', readsImages: true },
  efforts: ['low', 'medium', 'high', 'xhigh'],
};

// api-docs.deepseek.com/quick_start/pricing of 2026-11-15. These are the prices of the peak hours;
// at all other hours half of it is charged.
const DEEPSEEK: Partial<ModelFacts> = {
  ...{ ...TALKS, thinking: 'adaptive', structuredOutput: 'json-object', readsPdf: false },
};
const DEEPSEEK_SIZE = { window: 1_000_000, output: 384_000 };

// github.com/anomalyco/models.dev, 2026-11-29, and for the 120b model of Groq and Together
// github.com/braintrustdata/braintrust-proxy/issues/566, which names both their own pages.
const GPT_OSS: Partial<ModelFacts> = {
  ...TALKS,
  ...{ thinking: 'always', readsImages: false, readsPdf: false },
  efforts: ['low', 'medium', 'high'],
};
const GPT_OSS_WINDOW = 131_072;

export function otherModels(): KnownModel[] {
  return [
    modelRow('gemini', 'gemini-3.8-flash', {
      ...{ price: [0.75, 3.75, 0.075], ...GEMINI, efforts: ['low', 'medium', 'high'] },
    }),
    modelRow('gemini', 'gemini-3.5-flash', { ...GEMINI_SIZE, price: [1.5, 9, 0.15], ...GEMINI }),
    modelRow('gemini', 'gemini-3.1-pro-preview', {
      ...{ ...GEMINI_SIZE, price: [2, 12, 0.2], long: GEMINI_LONG },
      ...{ ...GEMINI, thinking: 'always' },
    }),
    modelRow('gemini', 'gemini-3-flash-preview', { price: [0.5, 3, 0.05], ...GEMINI }),
    modelRow('gemini', 'gemini-2.5-pro', {
      ...{ ...GEMINI_SIZE, price: [1.25, 10, 0.125], long: GEMINI_LONG },
      ...{ ...GEMINI, thinking: 'always' },
    }),

    modelRow('deepseek', 'deepseek-v4-pro', {
      ...{ ...DEEPSEEK_SIZE, price: [1.32, 3.96, 0.044], ...DEEPSEEK, readsImages: false },
      efforts: ['high', 'max'],
    }),
    // The older name is served by the same model at the same price.
    ...['deepseek-flash', 'deepseek-v4-flash'].map((model) =>
      modelRow('deepseek', model, {
        ...{ ...DEEPSEEK_SIZE, price: [0.3, 1.2, 0.006], ...DEEPSEEK, readsImages: true },
        efforts: ['low', 'high', 'max'],
      }),
    ),

    // The newest of each size for which a page was found: github.com/anomalyco/models.dev, and
    // github.com/braintrustdata/braintrust-proxy/issues/802 for the meaning of "medium" since May
    // 2026.
    modelRow('mistral', 'mistral-medium-latest', {
      ...{ window: 262_144, output: 262_144, price: [1.5, 7.5], ...TALKS },
      ...{ thinking: 'on-request', readsImages: true, structuredOutput: 'json-schema' },
    }),
    modelRow('mistral', 'mistral-large-latest', {
      ...{ window: 262_144, output: 262_144, price: [0.5, 1.5], ...TALKS },
      ...{ thinking: 'none', efforts: [], readsImages: true, structuredOutput: 'json-schema' },
    }),
    modelRow('mistral', 'mistral-large-4', {
      ...{ window: 1_048_576, price: [0.68, 2.09, 0.07], ...TALKS },
      ...{ thinking: 'on-request', readsImages: true, structuredOutput: 'json-schema' },
      efforts: ['none', 'high'],
    }),
    modelRow('mistral', 'mistral-small-latest', {
      ...{ window: 128_000, price: [0.1, 0.3], ...TALKS },
      ...{ readsImages: true, structuredOutput: 'json-schema' },
    }),

    ...['grok-4.6', 'grok-4.7'].map((model) =>
      modelRow('xai', model, {
        ...{ window: 500_000, price: [2, 6, 0.5], ...GROK },
        long: { above: 200_000, input: 2, output: 2 },
      }),
    ),

    modelRow('groq', 'openai/gpt-oss-120b', {
      ...{ window: GPT_OSS_WINDOW, output: 65_536, price: [0.15, 0.6, 0.075], ...GPT_OSS },
      structuredOutput: 'json-schema',
    }),
    modelRow('groq', 'openai/gpt-oss-20b', {
      ...{ window: GPT_OSS_WINDOW, output: 65_536, price: [0.075, 0.3, 0.0375], ...GPT_OSS },
      structuredOutput: 'json-schema',
    }),
    modelRow('together', 'openai/gpt-oss-120b', {
      ...{ window: GPT_OSS_WINDOW, price: [0.15, 0.6], ...GPT_OSS },
    }),
    // getmaxim.ai/bifrost/model-library/compare/together_ai/gpt-oss-20b
    modelRow('together', 'openai/gpt-oss-20b', {
      ...{ window: 128_000, price: [0.05, 0.2], ...GPT_OSS },
    }),
    modelRow('fireworks', 'accounts/fireworks/models/gpt-oss-120b', {
      ...{ window: GPT_OSS_WINDOW, output: 32_768, price: [0.15, 0.6, 0.01], ...GPT_OSS },
    }),
    // getmaxim.ai/bifrost/model-library/compare/cerebras/gpt-oss-120b, docs.rs/harn-vm 0.8.113. Half
    // the window without a paid plan.
    modelRow('cerebras', 'gpt-oss-120b', {
      ...{ window: GPT_OSS_WINDOW, output: 32_768, price: [0.35, 0.75], ...GPT_OSS },
    }),
  ];
}
