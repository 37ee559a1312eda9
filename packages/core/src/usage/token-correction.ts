const SLOWNESS = 0.7;
const LARGEST = 4;

/** Learns from what a provider reports how far the estimates for a model are off. */
export class TokenCorrection {
  #factors = new Map<string, number>();

  learn(provider: string, model: string, estimatedTokens: number, reportedTokens: number): void {
    if (!(estimatedTokens > 0) || !(reportedTokens > 0)) return;
    const ratio = Math.min(Math.max(reportedTokens / estimatedTokens, 1 / LARGEST), LARGEST);
    const key = keyOf(provider, model);
    const before = this.#factors.get(key);
    const factor = before === undefined ? ratio : before * SLOWNESS + ratio * (1 - SLOWNESS);
    this.#factors.set(key, factor);
  }

  apply(provider: string, model: string, estimatedTokens: number): number {
    return Math.ceil(estimatedTokens * (this.#factors.get(keyOf(provider, model)) ?? 1));
  }
}

function keyOf(provider: string, model: string): string {
  return JSON.stringify([provider, model]);
}
