/** A possible next word of the line, and a note on it for shells that show one. */
export interface Suggestion {
  value: string;
  description: string;
}
