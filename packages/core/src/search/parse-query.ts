import type { Role } from '../session/message.ts';

/** What the person is looking for, parsed; no engine ever sees the words they typed. */
export interface SearchQuery {
  /** All of them must occur. */
  terms: SearchTerm[];
  /** None of them may. */
  excluded: SearchTerm[];
  role?: Role | undefined;
  tag?: string | undefined;
  model?: string | undefined;
  since?: Date | undefined;
  before?: Date | undefined;
}

/** Tokens that follow each other; a single word is a phrase of one. */
export interface SearchTerm {
  tokens: string[];
  /** Whether the last token may go on. */
  isPrefix: boolean;
}
