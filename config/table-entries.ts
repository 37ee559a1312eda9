import {
  MAX_SECONDS,
  boolean,
  decimal,
  oneOf,
  secret,
  tableOf,
  text,
  wholeNumber,
  type Group,
  type Leaf,
} from './leaf.ts';

export const providerEntry = {
  base_url: text<string | null>({
    default: null,
    example: 'https://llm.example.com/v1',
    doc: 'The address of the API.',
  }),
  api_key_env: text<string | null>({
    default: null,
    example: 'MY_SERVER_API_KEY',
    doc: 'The environment variable that holds the key.',
  }),
  api_key: secret({
    default: null,
    example: 'sk-0123456789',
    doc: 'The key itself. A variable or `synapse keys set` is the better place.',
  }),
  dialect: oneOf(['anthropic', 'openai-responses', 'openai-chat', 'auto'], {
    default: 'auto',
    doc: 'The API it speaks; auto takes that of the preset, or openai-chat for a new name.',
  }),
  model: text<string | null>({
    default: null,
    example: 'my-model',
    doc: 'The model asked when none is named.',
  }),
  headers: tableOf<string>(
    {
      ...text({ default: '', example: 'notes', doc: 'A header; it may hold a key.' }),
      sensitive: true,
    },
    'Headers sent along.',
    'x-project',
  ),
  max_tokens: wholeNumber<number | null>({
    default: null,
    example: 4096,
    min: 1,
    doc: 'The longest answer asked for, in tokens.',
  }),
  temperature: decimal<number | null>({
    default: null,
    example: 0.7,
    max: 2,
    doc: 'Sampling temperature.',
  }),
  cache_marks: boolean<boolean | null>({
    default: null,
    example: true,
    doc: 'Mark what Claude should cache, for a router that speaks openai-chat.',
  }),
  timeout: wholeNumber<number | null>({
    default: null,
    example: 120,
    min: 1,
    max: MAX_SECONDS,
    doc: 'Seconds without any data after which Synapse gives up. Unset: 120, and 600 while a model thinks. Pings count as data, but may come alone for 10 minutes at most, or for timeout if that is longer.',
  }),
} satisfies Group;

export const priceEntry = {
  input: decimal<number | null>({
    default: null,
    example: 1.25,
    doc: 'US dollars per million input tokens.',
  }),
  output: decimal<number | null>({
    default: null,
    example: 10,
    doc: 'US dollars per million output tokens.',
  }),
  cache_read: decimal<number | null>({
    default: null,
    example: 0.125,
    doc: 'Per million tokens read from cache.',
  }),
  cache_write: decimal<number | null>({
    default: null,
    example: 1.25,
    doc: 'Per million written to cache.',
  }),
  context: wholeNumber<number | null>({
    default: null,
    example: 400_000,
    min: 1,
    doc: 'The context window, in tokens.',
  }),
} satisfies Group;

export const modelEntry = {
  ...priceEntry,
  max_output: wholeNumber<number | null>({
    default: null,
    example: 32_000,
    min: 1,
    doc: 'The longest answer, in tokens.',
  }),
  thinking: oneOf(['none', 'always', 'adaptive', 'on-request', 'budget'], {
    default: null,
    example: 'adaptive',
    doc: 'When it thinks: never, always, unless disabled, on request, or with a token budget.',
  }),
  temperature: boolean<boolean | null>({
    default: null,
    example: false,
    doc: 'Whether it accepts a temperature.',
  }),
  images: boolean<boolean | null>({
    default: null,
    example: true,
    doc: 'Whether it reads images.',
  }),
  pdf: boolean<boolean | null>({ default: null, example: true, doc: 'Whether it reads PDFs.' }),
  tools: boolean<boolean | null>({ default: null, example: true, doc: 'Whether it calls tools.' }),
  structured_output: oneOf(['json-schema', 'json-object', 'prompt'], {
    default: null,
    example: 'json-object',
    doc: 'How it is held to a schema: by the API, by JSON mode and the prompt, or by the prompt alone.',
  }),
} satisfies Group;

/** Of a table by names, each setting may be missing. */
type EntryOf<G> = {
  [K in keyof G]?: G[K] extends Leaf<infer T> ? T : never;
};

export type ProviderSettings = EntryOf<typeof providerEntry>;
export type PriceSettings = EntryOf<typeof priceEntry>;
export type ModelSettings = EntryOf<typeof modelEntry>;
