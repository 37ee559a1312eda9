import type { ModelAbility, ModelInfo, Price } from '@synapse/core';
import { toRecord, toText, toTokenCount } from '@synapse/provider-http';

const PER_MILLION = 1_000_000;

/** OpenAI sends only the id; routers and local servers send more, each in its own fields. */
export function fromOpenAiModel(model: object): ModelInfo {
  const record = toRecord(model);
  const { id, name, context_length, max_model_len, top_provider, pricing } = record;
  const limits = toRecord(top_provider);
  return {
    id: toText(id),
    name: toText(name) || null,
    contextTokens: toTokenCount(context_length) ?? toTokenCount(max_model_len) ?? null,
    maxOutputTokens: toTokenCount(limits.max_completion_tokens) ?? null,
    price: toPrice(toRecord(pricing)),
    abilities: ABILITIES.filter(([, isTold]) => isTold(record)).map(([ability]) => ability),
  };
}

type Json = Record<string, unknown>;

/** An empty list means unknown: only some routers report abilities, each in its own field. */
const ABILITIES: readonly (readonly [ModelAbility, (model: Json) => boolean])[] = [
  ['tools', (model) => takes(model, 'tools') || isCapable(model, 'function_calling')],
  ['images', (model) => reads(model, 'image') || isCapable(model, 'vision')],
  ['files', (model) => reads(model, 'file')],
  ['reasoning', (model) => takes(model, 'reasoning')],
  ['structured-output', (model) => takes(model, 'structured_outputs')],
];

function takes({ supported_parameters: names }: Json, name: string): boolean {
  return Array.isArray(names) && names.includes(name);
}

function reads({ architecture }: Json, kind: string): boolean {
  const { input_modalities: kinds } = toRecord(architecture);
  return Array.isArray(kinds) && kinds.includes(kind);
}

function isCapable({ capabilities }: Json, name: string): boolean {
  return toRecord(capabilities)[name] === true;
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
