/** Identifies the data of this adapter in a Replay. */
export const ANTHROPIC_DIALECT = 'anthropic';
