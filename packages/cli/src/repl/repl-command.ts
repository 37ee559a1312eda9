import type { Candidate } from '@synapse/terminal/editor';
import type { Repl } from './repl.ts';

/** A line that is run instead of sent; `argument` is the rest after the name. */
export interface ReplCommand {
  readonly name: string;
  /** Names of other programs; they work, but are in no list. */
  readonly aliases?: readonly string[];
  /** As help shows it: `<file>`, `[name]`. */
  readonly argument?: string;
  readonly summary: string;
  /** All possible arguments, whether they match the typed text or not. */
  readonly complete?: (repl: Repl, typed: string) => Promise<Candidate[]> | Candidate[];
  run(repl: Repl, argument: string): Promise<void> | void;
}
