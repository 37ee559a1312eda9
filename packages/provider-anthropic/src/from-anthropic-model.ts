import type { Anthropic } from '@anthropic-ai/sdk';
import type { ModelAbility, ModelInfo } from '@synapse/core';

/** Servers that only speak the protocol leave most of it out, whatever the SDK's types say. */
export function fromAnthropicModel(model: Partial<Anthropic.ModelInfo>): ModelInfo {
  const abilities: ModelAbility[] = ['tools'];
  const { capabilities } = model;
  if (capabilities?.image_input.supported === true) abilities.push('images');
  if (capabilities?.pdf_input.supported === true) abilities.push('files');
  if (capabilities?.thinking.supported === true) abilities.push('reasoning');
  if (capabilities?.structured_outputs.supported === true) abilities.push('structured-output');
  return {
    id: model.id ?? '',
    name: model.display_name ?? null,
    contextTokens: model.max_input_tokens ?? null,
    maxOutputTokens: model.max_tokens ?? null,
    price: null,
    abilities,
  };
}
