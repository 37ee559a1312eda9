import type { ModelAbility } from '../ports/model-provider.ts';
import type { Price } from '../session/usage.ts';

/**
 * Whether a model thinks. `always`; `adaptive`: as much as it wants unless the request switches
 * thinking off; `on-request`: only if the request asks for it; `budget`: only with a number of
 * tokens.
 */
export type Thinking = 'none' | 'always' | 'adaptive' | 'on-request' | 'budget';

/** How a model can be made to follow a schema; `prompt` only asks for it. */
export type StructuredOutput = 'json-schema' | 'json-object' | 'prompt';

/** The facts about a model that are known without asking its provider; null if unknown. */
export interface ModelFacts {
  contextTokens: number | null;
  maxOutputTokens: number | null;
  thinking: Thinking | null;
  /** The efforts that a request may name; empty if it may name none. */
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
  /** An id, or with a `*` at its end, the beginning of a family's ids. */
  model: string;
  price: Price | null;
  /** The price of a whole request whose input exceeds a limit. */
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

/** The known abilities of the model. */
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
