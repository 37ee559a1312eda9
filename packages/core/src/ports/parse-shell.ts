/**
 * Parses a command line as bash would. It makes no decision: every uncertainty becomes a doubt, and
 * a line with a doubt is never allowed without approval. Never rejects.
 */
export type ParseShell = (line: string) => Promise<ParsedShell>;

export interface ParsedShell {
  /** Every simple command, also those inside groups, functions and substitutions. */
  commands: ShellCommand[];
  /** Why the line may do more than its commands show, in words for the user. */
  doubts: string[];
}

export interface ShellCommand {
  /** The program and its arguments, quotes removed. */
  words: string[];
  /** Whether each word is passed exactly as it is: bash expands nothing in it. */
  isLiteral: boolean;
}
