import type { Action } from './action.ts';

export interface SynapseErrorOptions extends ErrorOptions {
  /** What the reader can do next; before the text of the action, where there is one. */
  hint?: string | undefined;
  action?: Action | undefined;
}

/** Every failure Synapse expects. Anything else that escapes is a bug. */
export abstract class SynapseError extends Error {
  /** Stable; docs/errors.md lists them all. */
  abstract readonly code: `SYNAPSE_${string}`;
  /** In words of no face; ends with the text of the action, where there is one. */
  readonly hint: string | undefined;
  readonly action: Action | undefined;

  constructor(message: string, options: SynapseErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    const { hint, action } = options;
    this.hint = action ? `${hint ?? ''}${action.text}` : hint;
    this.action = action;
  }
}
