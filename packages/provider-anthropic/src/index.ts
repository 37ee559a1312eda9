export { createAnthropicProvider } from './anthropic-provider.ts';
export type { AnthropicOptions } from './anthropic-options.ts';
