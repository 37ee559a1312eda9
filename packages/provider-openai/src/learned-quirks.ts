import type { ModelRequest, ProviderError } from '@synapse/core';
import type { ServerQuirks } from '@synapse/core/models';

/** Facts about a model that a refused request reveals. */
type Quirk =
  /** OpenAI gives summaries only to organisations that it has verified. */
  | 'no-summaries'
  | 'no-sealed-thoughts'
  | 'needs-reasoning'
  | 'needs-signatures'
  /** An answer must not have more than one call. */
  | 'takes-one-call'
  | 'no-schemas'
  | 'no-formats';

const ONE_CALL =
  /single tool[ -]?calls? at once|(?:parallel|multiple) tool[ -]?calls? (?:is|are) not supported/i;
const NO_SCHEMAS = /response[ _]format|json_schema|structured outputs?\b/i;

const REFUSALS: readonly (readonly [Quirk, RegExp])[] = [
  ['takes-one-call', ONE_CALL],
  ['needs-signatures', /missing a? ?.?thought_?signature/i],
  [
    'no-sealed-thoughts',
    /encrypted content is not supported|reasoning\.encrypted_content|['"`]include['"`]/i,
  ],
  ['no-summaries', /reasoning\.summary|reasoning summar(?:y|ies)/i],
  [
    'needs-reasoning',
    /reasoning_content.{0,80}(?:missing|must be|required)|(?:missing|require).{0,80}reasoning_content/is,
  ],
];

/** Remembers what refused requests revealed about models whose names don't show it. */
export class LearnedQuirks {
  readonly #quirks = new Map<string, ReadonlySet<Quirk>>();

  has(model: string, quirk: Quirk): boolean {
    return this.#quirks.get(model)?.has(quirk) === true;
  }

  /** How to ask for JSON of a shape; undefined if the usual way was not refused. */
  structuredOutput(model: string): ServerQuirks['structuredOutput'] | undefined {
    if (this.has(model, 'no-formats')) return 'prompt';
    return this.has(model, 'no-schemas') ? 'json-object' : undefined;
  }

  /** Whether the refusal reveals something new, so that another form of the request may be accepted. */
  learnFrom(
    { reason, message }: ProviderError,
    { model, outputSchema }: Pick<ModelRequest, 'model' | 'outputSchema'>,
  ): boolean {
    // Some servers report a template that can't be filled in as a failure of their own.
    if (reason !== 'invalid-request' && !ONE_CALL.test(message)) return false;
    const lessons = REFUSALS.flatMap(([quirk, words]) => (words.test(message) ? [quirk] : []));
    if (outputSchema !== null && NO_SCHEMAS.test(message)) {
      // If the server names a format that it accepts instead of a schema, use that; otherwise none.
      const takesObjects = message.includes('json_object') && !this.has(model, 'no-schemas');
      lessons.push(takesObjects ? 'no-schemas' : 'no-formats');
    }
    const isNew = lessons.some((quirk) => !this.has(model, quirk));
    this.#quirks.set(model, new Set([...(this.#quirks.get(model) ?? []), ...lessons]));
    return isNew;
  }
}
