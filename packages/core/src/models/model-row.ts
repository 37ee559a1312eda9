import type { Price } from '../session/usage.ts';
import { NOTHING_KNOWN, type KnownModel, type ModelFacts } from './known-model.ts';

/** US dollars per million tokens, as in the price lists of providers. */
type ListPrice = readonly [input: number, output: number, cacheRead?: number, cacheWrite?: number];

interface Row extends Partial<ModelFacts> {
  /** The context window. */
  window?: number;
  /** The longest answer. */
  output?: number;
  /** If the list has no price for the cache, cached input costs the same as any input. */
  price?: ListPrice;
  long?: { above: number; input: number; output: number };
}

export function modelRow(
  provider: string,
  model: string,
  { window, output, price, long, ...facts }: Row,
): KnownModel {
  const listed = price ? toPrice(price) : null;
  return {
    ...NOTHING_KNOWN,
    ...facts,
    ...{ provider, model, price: listed },
    ...{ contextTokens: window ?? null, maxOutputTokens: output ?? null },
    longRequest:
      listed && long ? { aboveInputTokens: long.above, price: times(listed, long) } : null,
  };
}

function toPrice([input, output, cacheRead = input, cacheWrite = input]: ListPrice): Price {
  return {
    inputPerMillion: input,
    outputPerMillion: output,
    cacheReadPerMillion: cacheRead,
    cacheWritePerMillion: cacheWrite,
  };
}

function times(price: Price, { input, output }: { input: number; output: number }): Price {
  return {
    inputPerMillion: price.inputPerMillion * input,
    outputPerMillion: price.outputPerMillion * output,
    cacheReadPerMillion: price.cacheReadPerMillion * input,
    cacheWritePerMillion: price.cacheWritePerMillion * input,
  };
}
