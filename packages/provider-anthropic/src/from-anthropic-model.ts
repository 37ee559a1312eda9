import type { ModelAbility, ModelInfo } from '@synapse/core';
import { toRecord, toText, toTokenCount } from '@synapse/provider-http';

const CAPABILITIES: readonly (readonly [name: string, ability: ModelAbility])[] = [
  ['image_input', 'images'],
  ['pdf_input', 'files'],
  ['thinking', 'reasoning'],
  ['structured_outputs', 'structured-output'],
];

/** Compatible servers leave most fields out, whatever the SDK's types promise. */
export function fromAnthropicModel(model: object): ModelInfo {
  const { id, display_name, max_input_tokens, max_tokens, capabilities } = toRecord(model);
  const told = toRecord(capabilities);
  const able = CAPABILITIES.filter(([name]) => toRecord(told[name]).supported === true);
  return {
    id: toText(id),
    name: toText(display_name) || null,
    contextTokens: toTokenCount(max_input_tokens) ?? null,
    maxOutputTokens: toTokenCount(max_tokens) ?? null,
    price: null,
    abilities: ['tools', ...able.map(([, ability]) => ability)],
  };
}
