import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Price, Usage } from '../session/usage.ts';
import { costOf } from './cost.ts';

const usage = (given: Partial<Usage>): Usage => ({
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  estimated: false,
  ...given,
});

const price: Price = {
  inputPerMillion: 3,
  outputPerMillion: 15,
  cacheReadPerMillion: 0.3,
  cacheWritePerMillion: 3.75,
};

const tokens = fc.nat(2_000_000_000);
const perMillion = fc.nat(100_000_000).map((micro) => micro / 1e6);

describe('costOf', () => {
  it('is unknown without a price', () => {
    expect(costOf(usage({ inputTokens: 1 }), null)).toBeNull();
  });

  it('is at most the largest amount that a database stores exactly, for any reported count', () => {
    const spent = usage({ inputTokens: Number.MAX_SAFE_INTEGER });
    expect(costOf(spent, price)?.nanoUsd).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('charges cache reads and writes at their own prices', () => {
    const spent = usage({
      inputTokens: 1_000_000,
      cacheReadTokens: 500_000,
      cacheWriteTokens: 100_000,
      outputTokens: 200_000,
      reasoningTokens: 50_000,
    });
    // 400 000 at 3, 500 000 at 0.3, 100 000 at 3.75, 200 000 at 15.
    expect(costOf(spent, price)).toEqual({ nanoUsd: 4_725_000_000, price });
  });

  it('rounds only once, at the end', () => {
    const cheap = { ...price, inputPerMillion: 0.0001, outputPerMillion: 0.0004 };
    expect(costOf(usage({ inputTokens: 1, outputTokens: 1 }), cheap)?.nanoUsd).toBe(1);
    expect(costOf(usage({ inputTokens: 4 }), cheap)?.nanoUsd).toBe(0);
    expect(costOf(usage({ inputTokens: 5 }), cheap)?.nanoUsd).toBe(1);
  });

  it('is never negative, whatever a provider reports', () => {
    const odd = usage({ inputTokens: 10, cacheReadTokens: 500, outputTokens: -3 });
    expect(costOf(odd, price)?.nanoUsd).toBe(150_000);
  });

  it('is exact for any whole figures', () => {
    fc.assert(
      fc.property(tokens, tokens, perMillion, perMillion, (input, output, inPrice, outPrice) => {
        const given = { ...price, inputPerMillion: inPrice, outputPerMillion: outPrice };
        const cost = costOf(usage({ inputTokens: input, outputTokens: output }), given);
        const micro = (value: number) => BigInt(Math.round(value * 1e6));
        const exactTimesThousand =
          BigInt(input) * micro(inPrice) + BigInt(output) * micro(outPrice);
        const twice = 2n * exactTimesThousand;
        const offBy = twice - 2000n * BigInt(cost?.nanoUsd ?? -1);
        expect(offBy >= -1000n && offBy < 1000n).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
