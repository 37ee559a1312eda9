/** Names what this adapter keeps in a ReasoningReplay. */
export const ANTHROPIC_DIALECT = 'anthropic';
