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
    doc: 'The key itself. A variable or `synapse keys set` is safer.',
  }),
  dialect: oneOf(['anthropic', 'openai-responses', 'openai-chat', 'auto'], {
    default: 'auto',
    doc: 'The API that the server speaks; auto uses that of the preset, or openai-chat if there is none.',
  }),
  model: text<string | null>({
    default: null,
    example: 'my-model',
    doc: 'The default model of this provider.',
  }),
  headers: tableOf<string>(
    {
      ...text({ default: '', example: 'notes', doc: 'A header; it may hold a key.' }),
      sensitive: true,
    },
    'Headers to add to each request.',
    'x-project',
  ),
  max_tokens: wholeNumber<number | null>({
    default: null,
    example: 4096,
    min: 1,
    doc: 'The maximum length of an answer, in tokens.',
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
    doc: 'Mark the parts of a request that Claude should cache, for a router that speaks openai-chat.',
  }),
  timeout: wholeNumber<number | null>({
    default: null,
    example: 120,
    min: 1,
    max: MAX_SECONDS,
    doc: 'Seconds without data after which Synapse gives up. Unset: 120, or 600 while a model thinks. Pings alone count as data for 10 minutes, or for timeout if that is longer.',
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
    doc: 'US dollars per million tokens read from the cache.',
  }),
  cache_write: decimal<number | null>({
    default: null,
    example: 1.25,
    doc: 'US dollars per million tokens written to the cache.',
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
    doc: 'When the model thinks: never, always, unless disabled, on request, or with a token budget.',
  }),
  temperature: boolean<boolean | null>({
    default: null,
    example: false,
    doc: 'Whether the model accepts a temperature.',
  }),
  images: boolean<boolean | null>({
    default: null,
    example: true,
    doc: 'Whether the model reads images.',
  }),
  pdf: boolean<boolean | null>({
    default: null,
    example: true,
    doc: 'Whether the model reads PDFs.',
  }),
  tools: boolean<boolean | null>({
    default: null,
    example: true,
    doc: 'Whether the model calls tools.',
  }),
  structured_output: oneOf(['json-schema', 'json-object', 'prompt'], {
    default: null,
    example: 'json-object',
    doc: 'How answers are made to fit a schema: by the API, by JSON mode and the prompt, or by the prompt alone.',
  }),
} satisfies Group;

/** In a table with names that the user chose, each setting may be missing. */
type EntryOf<G> = {
  [K in keyof G]?: G[K] extends Leaf<infer T> ? T : never;
};

export type ProviderSettings = EntryOf<typeof providerEntry>;
export type PriceSettings = EntryOf<typeof priceEntry>;
export type ModelSettings = EntryOf<typeof modelEntry>;
