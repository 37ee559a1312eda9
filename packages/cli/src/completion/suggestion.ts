/** What may stand next on the line, and a word about it where the shell shows one. */
export interface Suggestion {
  value: string;
  description: string;
}
