export { createOpenAiProvider } from './openai-provider.ts';
export type { OpenAiOptions } from './openai-options.ts';
