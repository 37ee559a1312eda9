export { createAnthropicProvider } from './anthropic-provider.ts';
export type { AnthropicOptions } from './anthropic-options.ts';
export { preloadAnthropic } from './preload.ts';
