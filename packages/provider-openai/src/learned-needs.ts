import type { ProviderError } from '@synapse/core';

const NO_SEALED_THOUGHTS =
  /encrypted content is not supported|reasoning\.encrypted_content|['"`]include['"`]/i;
const NO_SUMMARIES = /reasoning\.summary|reasoning summar(?:y|ies)/i;
const WANTS_REASONING =
  /reasoning_content.{0,80}(?:missing|must be|required)|(?:missing|require).{0,80}reasoning_content/is;

/** What a server says of its models in refusing a request, where their names don't tell. */
export class LearnedNeeds {
  readonly #withoutSeals = new Set<string>();
  readonly #withoutSummaries = new Set<string>();
  readonly #withReasoning = new Set<string>();

  takesSealedThoughts(model: string): boolean {
    return !this.#withoutSeals.has(model);
  }

  /** OpenAI gives summaries only to organisations that it has verified. */
  givesSummaries(model: string): boolean {
    return !this.#withoutSummaries.has(model);
  }

  needsReasoning(model: string): boolean {
    return this.#withReasoning.has(model);
  }

  /** Whether the refusal says something new, so that the same request in other words may be taken. */
  learnFrom({ reason, message }: ProviderError, model: string): boolean {
    if (reason !== 'invalid-request') return false;
    const known = [
      ...(NO_SEALED_THOUGHTS.test(message) ? [this.#withoutSeals] : []),
      ...(NO_SUMMARIES.test(message) ? [this.#withoutSummaries] : []),
      ...(WANTS_REASONING.test(message) ? [this.#withReasoning] : []),
    ];
    const isNew = known.some((models) => !models.has(model));
    for (const models of known) models.add(model);
    return isNew;
  }
}
