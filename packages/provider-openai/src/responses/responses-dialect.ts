/** Identifies the data of this adapter in a Replay. */
export const RESPONSES_DIALECT = 'openai-responses';
