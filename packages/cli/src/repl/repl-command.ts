import type { Candidate } from '@synapse/terminal/editor';
import type { Repl } from './repl.ts';

/** Something that is done instead of said; `argument` is all that stands behind the name. */
export interface ReplCommand {
  readonly name: string;
  /** What it is called elsewhere; works, and is in no list. */
  readonly aliases?: readonly string[];
  /** As help shows it: `<file>`, `[name]`. */
  readonly argument?: string;
  readonly summary: string;
  /** What can stand there, whether it fits what is typed or not. */
  readonly complete?: (repl: Repl, typed: string) => Promise<Candidate[]> | Candidate[];
  run(repl: Repl, argument: string): Promise<void> | void;
}
