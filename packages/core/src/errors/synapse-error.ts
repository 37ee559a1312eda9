import type { Action } from './action.ts';

export interface SynapseErrorOptions extends ErrorOptions {
  /** What the reader can do next; precedes the text of the action, if there is one. */
  hint?: string | undefined;
  action?: Action | undefined;
}

/** Every failure that Synapse expects. Any other error is a bug. */
export abstract class SynapseError extends Error {
  /** Stable; docs/errors.md lists them all. */
  abstract readonly code: `SYNAPSE_${string}`;
  /** Without names of any interface; ends with the text of the action, if there is one. */
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
