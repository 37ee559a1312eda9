import { modelProviderContract } from '@synapse/test/contracts/model-provider-contract';
import { anthropicWire } from '@synapse/test/support/wire/anthropic-wire';
import { createAnthropicProvider } from './anthropic-provider.ts';

modelProviderContract('anthropic', {
  createProvider: ({ url, ...options }) =>
    createAnthropicProvider({ name: 'anthropic', baseUrl: url, ...options }),
  dialect: 'anthropic',
  toWire: anthropicWire,
  dispensableEvents: 0,
});
