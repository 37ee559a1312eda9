import type { Reply } from '../../support/provider-double.ts';
import type { ScriptedAnswer } from '../../support/wire/scripted-answer.ts';
import type { Tongue } from './tongue.ts';

export const API_KEY = 'sk-matrix-0123456789abcdef';
export const MOST_ROUNDS = 3;

/**
 * When the fault comes: at a question without tools; at one with tools, where the answer that it
 * hits calls one; or at the answer behind the result of a tool.
 */
export const scenes = ['alone', 'calling', 'behind results'] as const;
export type Scene = (typeof scenes)[number];

/** The addresses that a case may send the question to. */
export interface Places {
  /** The double that speaks HTTP. */
  double: string;
  /** Takes connections and says nothing. */
  silent: string;
  /** Nobody listens there. */
  closed: string;
  /** Another host, which must never be asked. */
  elsewhere: string;
}

export interface MatrixCase {
  name: string;
  /** Where the question goes, if not to the double. */
  url?: (places: Places) => string;
  /** What comes before everything is well again; `answer` is what the scene would have. */
  replies?: (tongue: Tongue, answer: ScriptedAnswer, places: Places) => Reply[];
  /** The scene's answer, where the fault lies in what it says. */
  answer?: ScriptedAnswer;
  /** Waits for a second only, and asks twice at most. */
  isImpatient?: boolean;
  outcome: Outcome;
  /** By default all of them. */
  scenes?: readonly Scene[];
}

export type Outcome =
  /** The turn ends well, after so many requests for the one answer. */
  | ({ kind: 'answered'; requests?: number; waitsMs?: [from: number, to: number] } & Answered)
  /** The turn fails, and what was said until then is kept. */
  | { kind: 'failed'; code: string; requests: number; kept?: string }
  /** The turn is ended because there is no end to it. */
  | { kind: 'limited'; runs: number };

export interface Answered {
  /** The text, where it is not the scene's. */
  text?: string;
  /** Calls that are run, by default the scene's; others get an error for a result. */
  runs?: number;
  /** Calls that get a result of either kind; by default those of the scene. */
  results?: number;
  isEstimated?: boolean;
}
