/**
 * Parses a command line as bash would read it. It judges nothing: everything uncertain
 * becomes a doubt, and a line with a doubt is never allowed without approval. Never rejects.
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
  /** Whether each word is exactly what will be passed: nothing is expanded. */
  isLiteral: boolean;
}
