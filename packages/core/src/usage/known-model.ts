import type { ModelAbility } from '../ports/model-provider.ts';
import type { Price } from '../session/usage.ts';

/** What is known of a model without asking its provider. */
export interface KnownModel {
  provider: string;
  /** Without a date; dated variants are the same model. */
  model: string;
  price: Price;
  /** Where a long request is charged differently, whole. */
  longRequest: { aboveInputTokens: number; price: Price } | null;
  contextTokens: number;
  maxOutputTokens: number | null;
  abilities: readonly ModelAbility[];
}
