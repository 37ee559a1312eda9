/** Names what this adapter keeps in a Replay. */
export const ANTHROPIC_DIALECT = 'anthropic';
