import type { ModelAbility } from '../ports/model-provider.ts';
import type { Price } from '../session/usage.ts';

/**
 * Whether a model thinks: `always`; `adaptive`, as much as it wants unless the request switches that off;
 * `on-request`, only where the request asks for it; `budget`, only with a number of tokens.
 */
export type Thinking = 'none' | 'always' | 'adaptive' | 'on-request' | 'budget';

/** How a model can be held to a schema; `prompt` only asks for it. */
export type StructuredOutput = 'json-schema' | 'json-object' | 'prompt';

/** What is known of a model without asking its provider; null where it is unknown. */
export interface ModelFacts {
  contextTokens: number | null;
  maxOutputTokens: number | null;
  thinking: Thinking | null;
  /** The efforts that a request may name; none where it may name no effort. */
  efforts: readonly string[] | null;
  takesTemperature: boolean | null;
  readsImages: boolean | null;
  readsPdf: boolean | null;
  takesTools: boolean | null;
  structuredOutput: StructuredOutput | null;
}

/** A row of the table. */
export interface KnownModel extends ModelFacts {
  provider: string;
  /** An id; with a `*` at its end, how the ids of a family begin. */
  model: string;
  price: Price | null;
  /** Where a long request is charged differently, whole. */
  longRequest: { aboveInputTokens: number; price: Price } | null;
}

export const NOTHING_KNOWN: ModelFacts = {
  contextTokens: null,
  maxOutputTokens: null,
  thinking: null,
  efforts: null,
  takesTemperature: null,
  readsImages: null,
  readsPdf: null,
  takesTools: null,
  structuredOutput: null,
};

export function thinks({ thinking }: ModelFacts): boolean | null {
  return thinking === null ? null : thinking !== 'none';
}

/** What the model is known to do. */
export function abilitiesOf(facts: ModelFacts): ModelAbility[] {
  const able: readonly (readonly [ModelAbility, boolean | null])[] = [
    ['tools', facts.takesTools],
    ['images', facts.readsImages],
    ['files', facts.readsPdf],
    ['reasoning', thinks(facts)],
    ['structured-output', facts.structuredOutput === 'json-schema'],
  ];
  return able.filter(([, isAble]) => isAble === true).map(([ability]) => ability);
}
