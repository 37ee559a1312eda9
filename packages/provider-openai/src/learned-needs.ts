import type { ModelRequest, ProviderError, ServerQuirks } from '@synapse/core';

const NO_SEALED_THOUGHTS =
  /encrypted content is not supported|reasoning\.encrypted_content|['"`]include['"`]/i;
const NO_SUMMARIES = /reasoning\.summary|reasoning summar(?:y|ies)/i;
const WANTS_REASONING =
  /reasoning_content.{0,80}(?:missing|must be|required)|(?:missing|require).{0,80}reasoning_content/is;
const ONE_CALL =
  /single tool[ -]?calls? at once|(?:parallel|multiple) tool[ -]?calls? (?:is|are) not supported/i;
const WANTS_SIGNATURES = /missing a? ?.?thought_?signature/i;
const NO_SCHEMAS = /response[ _]format|json_schema|structured outputs?\b/i;

/** What a server says of its models in refusing a request, where their names don't tell. */
export class LearnedNeeds {
  readonly #withoutSeals = new Set<string>();
  readonly #withoutSummaries = new Set<string>();
  readonly #withReasoning = new Set<string>();
  readonly #withOneCall = new Set<string>();
  readonly #withSignatures = new Set<string>();

  readonly #withoutSchemas = new Set<string>();
  readonly #withoutFormats = new Set<string>();

  /** How JSON of a shape has to be asked for; undefined where the usual way was not refused. */
  structuredOutput(model: string): ServerQuirks['structuredOutput'] | undefined {
    if (this.#withoutFormats.has(model)) return 'prompt';
    return this.#withoutSchemas.has(model) ? 'json-object' : undefined;
  }

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

  /** Whether an answer must not have more than one call. */
  takesOneCall(model: string): boolean {
    return this.#withOneCall.has(model);
  }

  needsSignatures(model: string): boolean {
    return this.#withSignatures.has(model);
  }

  /** Whether the refusal says something new, so that the same request in other words may be taken. */
  learnFrom(
    { reason, message }: ProviderError,
    { model, outputSchema }: Pick<ModelRequest, 'model' | 'outputSchema'>,
  ): boolean {
    // A template that can't be filled in is a failure of the server to some.
    if (reason !== 'invalid-request' && !ONE_CALL.test(message)) return false;
    const known = [
      ...(ONE_CALL.test(message) ? [this.#withOneCall] : []),
      ...(WANTS_SIGNATURES.test(message) ? [this.#withSignatures] : []),
      ...(NO_SEALED_THOUGHTS.test(message) ? [this.#withoutSeals] : []),
      ...(NO_SUMMARIES.test(message) ? [this.#withoutSummaries] : []),
      ...(outputSchema !== null && NO_SCHEMAS.test(message)
        ? [this.#lessFormat(message, model)]
        : []),
      ...(WANTS_REASONING.test(message) ? [this.#withReasoning] : []),
    ];
    const isNew = known.some((models) => !models.has(model));
    for (const models of known) models.add(model);
    return isNew;
  }

  /** A server that names what it takes in place of a schema is given that, others no format. */
  #lessFormat(message: string, model: string): Set<string> {
    const takesObjects = message.includes('json_object') && !this.#withoutSchemas.has(model);
    return takesObjects ? this.#withoutSchemas : this.#withoutFormats;
  }
}
