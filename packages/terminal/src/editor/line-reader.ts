/** Reads what a person enters, line by line; a line may have line ends in it. */
export interface LineReader {
  /**
   * The next line. `end` at the end of the input, `interrupt` for Ctrl-C with nothing to clear. One
   * read at a time; between two reads what is typed is kept for the next one.
   */
  read(prompt: string, options?: ReadOptions): Promise<Line | 'end' | 'interrupt'>;
  /**
   * Asks a question that one key answers; the text of the line is the key. Typing never answers it: the
   * question waits while something is typed, keys of the first moment still belong to the draft, and so
   * do pastes and what follows them; Enter does nothing. Escape and Ctrl-C give `interrupt`. Where
   * nothing can be redrawn, a line answers that is the key or its word.
   */
  choose(question: Choice): Promise<Line | 'end' | 'interrupt'>;
  /**
   * Shows lines above the input, or where the cursor is while nothing is read. The text has passed
   * the terminal filter; it may have colours.
   */
  printAbove(text: string): void;
  /** The row below the input; an empty text takes it away. */
  setStatus(text: string): void;
  /**
   * Puts the lines that were typed ahead back into the input, before what is typed there now, so that
   * nobody's words are sent without a key. Returns the lines of an input that cannot be changed; the
   * lines of a pipe stay where they are.
   */
  takeBack(): readonly string[];
  /** Gives the terminal to another program until the promise settles. */
  handOver<Result>(run: () => Promise<Result>): Promise<Result>;
  /** Restores the terminal; a pending read gets `end`. */
  close(): void;
}

export interface ReadOptions {
  /**
   * A question that cannot have been answered before it was asked: input typed ahead is not taken for
   * the answer but kept for the next line, and the answer does not enter the history.
   */
  readonly isQuestion?: boolean;
  /**
   * The question, if it is longer than the prompt: shown above it, and shown again when the process
   * is continued after a stop. The prompt follows as soon as nothing was typed for a moment, and until
   * then every key is typed ahead, because the question cannot have been read yet. The text is as for
   * `printAbove`.
   */
  readonly question?: () => string;
  /** The initial text of the input, unless something was typed ahead. */
  readonly text?: string;
  /** Whether Escape gives `interrupt`. */
  readonly canEscape?: boolean;
}

export interface Choice {
  readonly prompt: string;
  /** As in `ReadOptions`. */
  readonly question: () => string;
  /** The words of the answers by their keys, each one small letter. */
  readonly answers: Readonly<Record<string, string>>;
}

export interface Line {
  readonly text: string;
}

export type ReadResult = Line | 'end' | 'interrupt';
