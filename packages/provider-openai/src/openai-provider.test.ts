import { modelProviderContract } from '@synapse/test/contracts/model-provider-contract';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';
import { openAiResponsesWire } from '@synapse/test/support/wire/openai-responses-wire';
import { createOpenAiProvider } from './openai-provider.ts';

modelProviderContract('openai chat', {
  createProvider: ({ url, ...options }) =>
    createOpenAiProvider({ name: 'openai', dialect: 'chat', baseUrl: url, ...options }),
  dialect: 'openai-chat',
  toWire: openAiChatWire,
  // The finish reason makes the answer whole; the usage and the [DONE] behind it may be missing.
  dispensableEvents: 2,
});

modelProviderContract('openai responses', {
  createProvider: ({ url, ...options }) =>
    createOpenAiProvider({ name: 'openai', dialect: 'responses', baseUrl: url, ...options }),
  dialect: 'openai-responses',
  toWire: openAiResponsesWire,
  dispensableEvents: 0,
});
