export type { Candidate, Completer, Completion } from './completion.ts';
export { createMemoryHistory, type History } from './history.ts';
export type { LineReader } from './line-reader.ts';
export { isEditable, openLineReader } from './open-line-reader.ts';
