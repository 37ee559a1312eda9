export interface SynapseErrorOptions extends ErrorOptions {
  /** What the reader can do next. */
  hint?: string | undefined;
}

/** Every failure Synapse expects. Anything else that escapes is a bug. */
export abstract class SynapseError extends Error {
  /** Stable; docs/errors.md lists them all. */
  abstract readonly code: `SYNAPSE_${string}`;
  readonly hint: string | undefined;

  constructor(message: string, options: SynapseErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.hint = options.hint;
  }
}
