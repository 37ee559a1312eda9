/** The promises of a port, each a sentence and the proof of it; a test runner is not assumed. */
export type ContractCases<T> = Record<string, (subject: T) => Promise<void>>;
