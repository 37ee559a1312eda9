import type { ModelInfo, Price } from '@synapse/core';
import { toRecord, toText, toTokenCount } from '@synapse/provider-http';

const PER_MILLION = 1_000_000;

/** OpenAI tells the id only; routers and local servers tell more, each in fields of its own. */
export function fromOpenAiModel(model: object): ModelInfo {
  const { id, name, context_length, max_model_len, top_provider, pricing } = toRecord(model);
  const limits = toRecord(top_provider);
  return {
    id: toText(id),
    name: toText(name) || null,
    contextTokens: toTokenCount(context_length) ?? toTokenCount(max_model_len) ?? null,
    maxOutputTokens: toTokenCount(limits.max_completion_tokens) ?? null,
    price: toPrice(toRecord(pricing)),
    abilities: [],
  };
}

function toPrice(pricing: Record<string, unknown>): Price | null {
  const inputPerMillion = toPerMillion(pricing.prompt);
  const outputPerMillion = toPerMillion(pricing.completion);
  if (inputPerMillion === undefined || outputPerMillion === undefined) return null;
  return {
    inputPerMillion,
    outputPerMillion,
    cacheReadPerMillion: toPerMillion(pricing.input_cache_read) ?? inputPerMillion,
    cacheWritePerMillion: toPerMillion(pricing.input_cache_write) ?? inputPerMillion,
  };
}

/** Routers give dollars per token, as text; a negative price says that it depends. */
function toPerMillion(value: unknown): number | undefined {
  const dollars = typeof value === 'string' && value !== '' ? Number(value) : NaN;
  if (!Number.isFinite(dollars) || dollars < 0) return undefined;
  return Number((dollars * PER_MILLION).toPrecision(12));
}
