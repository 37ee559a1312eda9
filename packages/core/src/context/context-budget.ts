import { findFacts, isLocal } from '../models/find-model.ts';
import type { ModelOverrides } from '../models/own-models.ts';
import type { Answerer } from '../providers/is-same-model.ts';
import type { ContextSettings } from './context-settings.ts';

// For an unknown model: few have a smaller window, and a long session is not read whole for it.
const USUAL_WINDOW = 128_000;

/** The most tokens of a request; null if there is no limit. */
export interface ContextBudget {
  tokens: number | null;
  messages: number | null;
}

export interface ModelLimits {
  /** The window, including the answer; null if unknown. */
  contextTokens: number | null;
  /**
   * The longest answer that the request asks for, or else that the model gives; null if unknown.
   */
  maxOutputTokens: number | null;
  /** The model runs on a server of the user, who sets its window: no other window is assumed. */
  isLocal?: boolean;
  /** False if the model is known to read no images; it gets their names instead. */
  readsImages?: boolean | null;
}

/** The known limits of a model, and the longest answer. */
export function limitsOf(
  { provider, model }: Answerer,
  models: ModelOverrides,
  maxOutputTokens: number | null = null,
): ModelLimits {
  const facts = findFacts(provider, model, models);
  return {
    contextTokens: facts.contextTokens,
    maxOutputTokens: maxOutputTokens ?? facts.maxOutputTokens,
    isLocal: isLocal(provider),
    readsImages: facts.readsImages,
  };
}

/** The window minus the room for an answer, or less if the settings limit it. */
export function budgetOf(settings: ContextSettings, limits: ModelLimits): ContextBudget {
  if (settings.strategy === 'full') return { tokens: null, messages: null };
  const { maxTokens, maxMessages } = settings;
  const usual = limits.isLocal ? Infinity : USUAL_WINDOW;
  const known = roomForRequest(limits) ?? maxTokens ?? usual;
  const tokens = Math.min(known, maxTokens ?? Infinity);
  return { tokens: tokens === Infinity ? null : tokens, messages: maxMessages || null };
}

function roomForRequest({ contextTokens, maxOutputTokens }: ModelLimits): number | null {
  if (contextTokens === null) return null;
  const share = Math.floor(contextTokens / 4);
  return contextTokens - Math.min(maxOutputTokens ?? share, share);
}
