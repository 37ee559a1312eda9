import type { ProviderError, ProviderFailure } from '../errors/provider-error.ts';

const WORDS: Record<ProviderFailure, string> = {
  auth: 'rejects the key',
  'rate-limit': 'limits the rate of requests',
  quota: 'reports that the quota is used up',
  overloaded: 'is overloaded',
  'context-length': 'rejects the request as too long',
  refused: 'refuses to answer',
  network: "can't be reached",
  timeout: 'does not answer',
  'invalid-request': 'rejects the request',
  'invalid-response': 'gives an unreadable answer',
  'response-too-large': 'sends more than Synapse stores',
  'model-not-found': 'does not have the model',
  'no-tools': 'does not support tools for this model',
  'replay-refused': 'no longer accepts its own earlier reasoning',
};

/** The beginning of a sentence: the provider, and the kind of failure. */
export function describeFailure(error: ProviderError): string {
  return `${error.provider} ${WORDS[error.reason]}`;
}
