/** Names what this adapter keeps in a Replay. */
export const RESPONSES_DIALECT = 'openai-responses';
