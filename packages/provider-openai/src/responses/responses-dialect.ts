/** Names what this adapter keeps in a ReasoningReplay. */
export const RESPONSES_DIALECT = 'openai-responses';
