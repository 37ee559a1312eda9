import type { StoredMessage } from '../conversation/clean-parts.ts';
import type { ContextPart, Part } from '../session/part.ts';
import { estimateTokens } from '../usage/estimate-tokens.ts';
import { estimateMessagesTokens, type AttachmentTokens } from '../usage/estimate-usage.ts';
import type { Reported, ReadContext } from './read-context.ts';
import { viewContext } from './view-context.ts';

const SMALLEST_FACTOR = 0.5;
const LARGEST_FACTOR = 2;
// No tokenizer counts more than this multiple of the estimate.
const IMPLAUSIBLE_FACTOR = 10;
// Characters of a token in ASCII text, on average.
const LONGEST_TOKEN = 8;

export interface CountOptions {
  read: ReadContext;
  /** Tokens after the messages that were read. */
  added: readonly StoredMessage[];
  /** The tokens of a whole request with these messages. */
  estimate: (view: readonly StoredMessage[]) => number;
  counted: AttachmentTokens;
  /** The same with this context. */
  guess: (context: ContextPart) => number;
  /**
   * A report above this is checked against the estimate before anything is left out because of it.
   */
  suspectAbove: number;
}

/**
 * The tokens of a request: the provider's own count, plus an estimate for newer messages, so that a
 * long session is not counted again. If the context has changed, all of it is estimated, and
 * corrected by the error of the estimate for the reported request.
 */
export function countFromReport(
  { usage, answerTokens, seq }: Reported,
  { read, added, estimate, guess, suspectAbove, counted }: CountOptions,
): (context: ContextPart) => number {
  let factor: number | null = null;
  const asked = () =>
    viewContext(
      read.context,
      read.messages.slice(0, read.messages.findLastIndex((message) => message.seq < seq) + 1),
    );
  return (context) => {
    if (context === read.context) {
      const answerIndex = read.messages.findLastIndex((message) => message.seq <= seq);
      const since = [...read.messages.slice(answerIndex + 1), ...added];
      const inputTokens = Math.max(usage.inputTokens, Math.ceil(leastTokens(asked())));
      const tokens = inputTokens + answerTokens + estimateMessagesTokens(since, counted);
      if (tokens <= suspectAbove) return tokens;
      const guessed = guess(context);
      return tokens > guessed * IMPLAUSIBLE_FACTOR ? guessed : tokens;
    }
    factor ??= clamp(usage.inputTokens / Math.max(1, estimate(asked())));
    return Math.ceil(guess(context) * factor);
  };
}

/** Some servers report only the tokens that were not in their cache. */
function leastTokens(messages: readonly StoredMessage[]): number {
  return messages.reduce((total, { parts }) => parts.reduce(addLeastTokens, total), 0);
}

function addLeastTokens(sum: number, part: Part): number {
  if (part.type !== 'text') return sum;
  const { text } = part;
  const isAscii = !/[^\0-\x7f]/.test(text);
  return sum + (isAscii ? text.length / LONGEST_TOKEN : estimateTokens(text) * SMALLEST_FACTOR);
}

/** The error of the estimate as a factor; an absurd report is ignored. */
function clamp(factor: number): number {
  if (factor > IMPLAUSIBLE_FACTOR) return 1;
  return Math.min(LARGEST_FACTOR, Math.max(SMALLEST_FACTOR, factor));
}
