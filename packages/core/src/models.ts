/**
 * Models: their list, abilities and prices, how a request chooses and calls one, and the schemas
 * that providers accept.
 * @module
 */

export { PRESETS } from './providers/presets.ts';
export { parseChoice, type ProviderChoice } from './providers/parse-choice.ts';
export type { ProviderSetup, ProviderSources } from './providers/provider-setup.ts';
export { wasAskedOf } from './providers/is-same-model.ts';
export { unknownProvider } from './providers/known-providers.ts';
export { providerStatus, type ProviderStatus } from './providers/provider-status.ts';
export { resolveProvider } from './providers/resolve-provider.ts';
export { COMPATIBLE_QUIRKS, OPENAI_QUIRKS, type ServerQuirks } from './providers/server-quirks.ts';
export { withFallback, withoutRefusedTools } from './providers/repeat-request.ts';
export { toModernSchema } from './json-schema/to-modern-schema.ts';
export { toToolSchema } from './json-schema/to-tool-schema.ts';
export { costOf } from './usage/cost.ts';
export { pricesOf } from './usage/prices.ts';
export { estimateTokens } from './usage/estimate-tokens.ts';
export { estimateRequestTokens, estimateUsage } from './usage/estimate-usage.ts';
export { findFacts } from './models/find-model.ts';
export { findPrice } from './models/find-price.ts';
export { abilitiesOf, thinks, type ModelFacts } from './models/known-model.ts';
export { MODELS_AS_OF, pricedModels } from './models/model-table.ts';
export type { ModelOverrides, ModelSettings } from './models/own-models.ts';
export { withModelFacts } from './models/with-model-facts.ts';
